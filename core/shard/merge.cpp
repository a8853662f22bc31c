// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/merge.h"

#include "core/run/flow_stage.h"
#include "core/shard/flow_file.h"
#include "core/shard/flow_numbers.h"
#include "core/shard/job_trouble.h"
#include "core/shard/merge_output.h"
#include "core/shard/task_folder.h"
#include "core/support/guard.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

namespace packetloom {
namespace {

enum Kind : std::uint64_t { factsKind = 1, chunkFilesKind };

Error cancelled()
{
    return {.code = Errc::Cancelled, .detail = {}, .file = {}};
}

BlockFileName factsName(const Job& job, std::size_t number, std::size_t of)
{
    return {job.id, TaskId{TaskKind::Merge, number, of}.name() + ' ' + std::string(mergeFactsFile)};
}

/// The flows of all parts in order of completion: by the read chunk that judged them, then by their first
/// packet.
class MergedFlows
{
public:
    Result<void> open(const Job& job, AddressTable& addresses)
    {
        for (std::size_t i = 0; i < job.shards; ++i) {
            const TaskId id{TaskKind::Reduce, i};
            if (auto done = checkDone(job, id); !done)
                return done;
            auto reader = FlowFileReader::open(taskFolder(job, id), flowFileName(job, i), addresses);
            if (!reader)
                return std::move(reader).error();
            for (const auto& block : (*reader)->blocks())
                total_ += block.flows;
            parts_.push_back({*std::move(reader), nullptr});
        }
        return {};
    }
    [[nodiscard]] std::uint64_t total() const { return total_; }
    Result<FlowNumbers> numbers(ProgressMeter& meter) const
    {
        FlowNumbers numbers;
        for (const auto& part : parts_) {
            auto read = part.reader->forEachOpened([&](std::uint64_t row) {
                numbers.add(row);
                return row % 4096 != 0 || meter.tick();
            });
            if (!read)
                return std::move(read).error();
        }
        numbers.finish();
        return numbers;
    }

    /// What next() gives first is flow `wanted`, from 0. Blocks before it are not read but for the last ones.
    Result<void> begin(std::uint64_t wanted)
    {
        std::uint64_t passed = 0; // flows before those that the parts will begin with
        const auto start = startOf(wanted, passed);
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            parts_[i].reader->goTo(start[i]);
            if (auto moved = advance(i); !moved)
                return moved;
        }
        for (; passed < wanted; ++passed) {
            if (auto one = next(); !one)
                return std::move(one).error();
        }
        return {};
    }
    /// Null at the end. Valid until the next call.
    Result<const PackedFlow*> next()
    {
        if (taken_) {
            if (auto moved = advance(*taken_); !moved)
                return std::move(moved).error();
        }
        taken_.reset();
        if (heap_.empty())
            return static_cast<const PackedFlow*>(nullptr);
        std::ranges::pop_heap(heap_, std::greater<>());
        taken_ = std::get<2>(heap_.back());
        heap_.pop_back();
        return parts_[*taken_].flow;
    }

private:
    struct Part
    {
        std::unique_ptr<FlowFileReader> reader;
        const PackedFlow* flow; ///< at hand; null at the end
    };

    Result<void> advance(std::size_t part)
    {
        const auto flow = parts_[part].reader->next();
        if (!flow)
            return flow.error();
        parts_[part].flow = *flow;
        if (*flow) {
            heap_.emplace_back(parts_[part].reader->chunk(), (*flow)->firstRow, part);
            std::ranges::push_heap(heap_, std::greater<>());
        }
        return {};
    }
    /// The block of each part to begin with. `passed`: flows in those before them, all of which come before
    /// the one that is wanted, as do those before the border: the first flow of a block such that no more
    /// than are to be passed can come before it.
    [[nodiscard]] std::vector<std::size_t> startOf(std::uint64_t wanted, std::uint64_t& passed) const
    {
        using Place = std::pair<std::uint64_t, std::uint64_t>; // judgement, row
        std::vector<std::pair<Place, std::uint64_t>> blocks;
        for (const auto& part : parts_) {
            for (const auto& block : part.reader->blocks())
                blocks.push_back({{block.chunk, block.firstRow}, block.flows});
        }
        std::ranges::sort(blocks);
        Place border{0, 0};
        std::uint64_t before = 0;
        for (const auto& [place, flows] : blocks) {
            if (before > wanted)
                break;
            border = place;
            before += flows;
        }
        std::vector<std::size_t> start;
        passed = 0;
        for (const auto& part : parts_) {
            const auto& own = part.reader->blocks();
            const auto behind = std::ranges::partition_point(
                own, [&](const FlowBlock& block) { return Place(block.chunk, block.firstRow) < border; });
            const auto first = behind == own.begin() ? behind : behind - 1;
            for (auto block = own.begin(); block != first; ++block)
                passed += block->flows;
            start.push_back(static_cast<std::size_t>(first - own.begin()));
        }
        return start;
    }

    std::vector<Part> parts_;
    std::vector<std::tuple<std::uint64_t, std::uint64_t, std::size_t>> heap_; ///< judgement, row, part
    std::optional<std::size_t> taken_;                                        ///< whose flow is in use
    std::uint64_t total_ = 0;
};

Result<MergeFacts> writeShare(const Job& job, std::uint64_t first, std::uint64_t end, MergedFlows& flows,
                              const FlowNumbers& numbers, const AddressTable& addresses,
                              const std::filesystem::path& folder, ProgressMeter& meter)
{
    TaskPool pool(job.options.threads);
    MergeOutput output(folder, first, addresses, job.options);
    MergeCollector collector;
    FlowStage stage(folder, pool,
                    {.engine = defaultFlowEngine(), .output = output, .collector = collector, .goOn = [&] {
                         return meter.tick() && !output.failure();
                     }});
    const auto stopped = [&]() -> Error {
        if (stage.failure())
            return *stage.failure();
        return output.failure().value_or(cancelled());
    };
    if (auto begun = flows.begin(first); !begun)
        return std::move(begun).error();
    for (std::uint64_t i = first; i < end; ++i) {
        const auto flow = flows.next();
        if (!flow)
            return flow.error();
        if (!*flow)
            return jobError(JobTrouble::Damaged, job.folder, "flows are missing");
        PackedFlow numbered = **flow;
        numbered.number = numbers.number(numbered.firstRow);
        if (!stage.take(numbered))
            return stopped();
        meter.progress().flows = i + 1 - first;
    }
    if (!stage.finish())
        return stopped();
    if (auto finished = output.finish(); !finished)
        return std::move(finished).error();
    MergeFacts facts = output.facts();
    facts.tally = stage.tally();
    return facts;
}

Result<void> writeFacts(const Job& job, std::size_t number, std::size_t of, const MergeFacts& facts,
                        const std::filesystem::path& folder)
{
    BytesOut out;
    for (const std::uint64_t count : {facts.firstFlow, facts.flows, facts.chunks, facts.bytes,
                                      facts.indexBytes, std::uint64_t{facts.indexSum}, facts.tally.byTimeout})
        out.count(count);
    for (const auto count : facts.tally.closeTypes)
        out.count(count);
    for (const auto count : facts.tally.invalidReasons)
        out.count(count);
    BlockWriter file(folder / mergeFactsFile, factsName(job, number, of));
    file.add(factsKind, out.bytes());
    const auto chunks = chunkFilesIn(folder / mergeFlowsFolder);
    if (!chunks)
        return chunks.error();
    file.add(chunkFilesKind, packedChunkFiles(*chunks));
    return file.finish();
}

} // namespace

Result<MergeFacts> readMergeFacts(const Job& job, std::size_t number, std::size_t of)
{
    const auto folder = taskFolder(job, {TaskKind::Merge, number, of});
    const auto file = BlockReader::open(folder / mergeFactsFile, factsName(job, number, of));
    if (!file)
        return file.error();
    if (file->blocks().empty())
        return file->damaged("it tells nothing");
    std::string bytes;
    const auto payload = file->read(file->blocks().front(), bytes);
    if (!payload)
        return payload.error();
    BytesIn in(*payload);
    MergeFacts facts;
    for (auto* const count : {&facts.firstFlow, &facts.flows, &facts.chunks, &facts.bytes, &facts.indexBytes})
        *count = in.count();
    facts.indexSum = static_cast<std::uint32_t>(in.count());
    facts.tally.byTimeout = in.count();
    for (auto& count : facts.tally.closeTypes)
        count = in.count();
    for (auto& count : facts.tally.invalidReasons)
        count = in.count();
    if (in.bad() || !in.atEnd())
        return file->damaged("a block is none");
    const auto chunks = file->read(file->blocks().back(), bytes);
    if (!chunks)
        return chunks.error();
    auto files = unpackedChunkFiles(*chunks);
    if (!files || files->size() != facts.chunks)
        return file->damaged("chunk files are missing");
    facts.files = *std::move(files);
    return facts;
}

Result<void> runMergeTask(const Job& job, std::size_t number, std::size_t of, const TaskContext& context)
{
    return guarded([&]() -> Result<void> {
        const TaskId id{TaskKind::Merge, number, of};
        if (number >= of)
            return whilePreparing(jobError(JobTrouble::NoSuchTask, job.folder, id.name()));
        if (taskIsDone(job, id))
            return {};
        ProgressMeter meter(context.heartbeat, job.options.memoryLimit);
        AddressTable addresses;
        MergedFlows flows;
        if (auto opened = flows.open(job, addresses); !opened)
            return whilePreparing(std::move(opened).error());
        auto folder = TaskFolder::begin(job, id);
        if (!folder)
            return std::move(folder).error();
        std::error_code error;
        std::filesystem::create_directory(folder->path() / mergeFlowsFolder, error);
        const auto perChunk = static_cast<std::uint64_t>(job.options.flowsPerChunk);
        const std::uint64_t chunks = flows.total() / perChunk + (flows.total() % perChunk != 0 ? 1 : 0);
        const auto border = [&](std::size_t task) {
            const std::uint64_t whole = chunks / of * task + chunks % of * task / of;
            return whole >= chunks ? flows.total() : whole * perChunk;
        };
        const auto numbers = flows.numbers(meter);
        if (!numbers)
            return meter.reason(numbers.error());
        const auto facts = meter.reason(writeShare(job, border(number), border(number + 1), flows, *numbers,
                                                   addresses, folder->path(), meter));
        if (!facts)
            return facts.error();
        if (auto written = writeFacts(job, number, of, *facts, folder->path()); !written)
            return written;
        return folder->commit();
    });
}

} // namespace packetloom
