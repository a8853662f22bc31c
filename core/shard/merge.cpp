// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/merge.h"

#include "core/run/flow_stage.h"
#include "core/shard/chunk_place.h"
#include "core/shard/exact/line_merge.h"
#include "core/shard/flow_file.h"
#include "core/shard/flow_numbers.h"
#include "core/shard/job_trouble.h"
#include "core/shard/merge_facts.h"
#include "core/shard/merge_output.h"
#include "core/shard/merged_flows.h"
#include "core/shard/task_folder.h"
#include "core/support/guard.h"

#include <system_error>
#include <utility>

namespace packetloom {
namespace {

Error cancelled()
{
    return {.code = Errc::Cancelled, .detail = {}, .file = {}};
}

/// In order of completion: by the read chunk that judged them, then by their first packet.
using Flows = MergedFlows<FlowFileReader>;

Result<void> openFlows(const Job& job, Flows& flows, AddressTable& addresses)
{
    for (std::size_t i = 0; i < job.shards; ++i) {
        auto reader =
            FlowFileReader::open(taskFolder(job, {TaskKind::Reduce, i}), flowFileName(job, i), addresses);
        if (!reader)
            return std::move(reader).error();
        flows.add(*std::move(reader));
    }
    return {};
}

Result<FlowNumbers> numbersOf(const Flows& flows, ProgressMeter& meter)
{
    FlowNumbers numbers;
    Result<void> read;
    flows.forEachReader([&](const FlowFileReader& reader) {
        if (!read)
            return;
        read = reader.forEachOpened([&](std::uint64_t row) {
            numbers.add(row);
            return row % 4096 != 0 || meter.tick();
        });
    });
    if (!read)
        return std::move(read).error();
    numbers.finish();
    return numbers;
}

Result<MergeFacts> writeShare(const Job& job, std::uint64_t first, std::uint64_t end, Flows& flows,
                              const FlowNumbers& numbers, const AddressTable& addresses,
                              const std::filesystem::path& folder, const std::filesystem::path& chunks,
                              ProgressMeter& meter)
{
    TaskPool pool(job.options.threads);
    MergeOutput output(folder, chunks, first, addresses, job.options);
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
        if (!numbers.has(numbered.firstRow))
            return jobError(JobTrouble::Damaged, job.folder, "a flow begins with another's packet");
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

/// The chunk files of a share, which begins with one; the rest goes into `folder`.
Result<void> mergeChunks(const Job& job, std::size_t number, std::size_t of,
                         const std::filesystem::path& folder, const std::filesystem::path& chunkFolder,
                         ProgressMeter& meter)
{
    AddressTable addresses;
    Flows flows;
    if (auto opened = openFlows(job, flows, addresses); !opened)
        return opened;
    const auto perChunk = static_cast<std::uint64_t>(job.options.flowsPerChunk);
    const std::uint64_t chunks = flows.total() / perChunk + (flows.total() % perChunk != 0 ? 1 : 0);
    const auto border = [&](std::size_t task) {
        const std::uint64_t whole = chunks / of * task + chunks % of * task / of;
        return whole >= chunks ? flows.total() : whole * perChunk;
    };
    const auto numbers = numbersOf(flows, meter);
    if (!numbers)
        return numbers.error();
    if (numbers->flows() != flows.total()) // two files speak of one row
        return jobError(JobTrouble::Damaged, job.folder, "flows are missing");
    auto facts = writeShare(job, border(number), border(number + 1), flows, *numbers, addresses, folder,
                            chunkFolder, meter);
    if (!facts)
        return std::move(facts).error();
    auto files = chunkFilesIn(chunkFolder);
    if (!files)
        return std::move(files).error();
    facts->files = *std::move(files);
    if (chunkFolder.parent_path() != folder)
        facts->folder = chunkFolder;
    return writeMergeFacts(job, number, of, *facts, folder);
}

/// Does the task in `folder`, with its chunk files at `place` if one is named.
Result<void> mergeInto(const Job& job, const TaskId& id, TaskFolder& folder,
                       const std::filesystem::path& place, ProgressMeter& meter)
{
    if (job.output.needsExactFlows()) {
        if (auto merged = mergeLines(job, id.number, id.of, folder.path(), meter); !merged)
            return merged;
        return folder.commit();
    }
    if (place.empty()) {
        const auto chunks = folder.path() / mergeFlowsFolder;
        std::error_code error;
        std::filesystem::create_directory(chunks, error);
        if (auto merged = mergeChunks(job, id.number, id.of, folder.path(), chunks, meter); !merged)
            return merged;
        if (auto dropped = dropLost(job, id); !dropped)
            return dropped;
        return folder.commit();
    }
    if (auto noted = notePlace(job, place); !noted)
        return noted;
    auto chunks = ChunkFolder::begin(place, id);
    if (!chunks)
        return std::move(chunks).error();
    auto merged = mergeChunks(job, id.number, id.of, folder.path(), chunks->path(), meter);
    if (merged)
        merged = chunks->sync(); // before there are facts that speak of it
    if (merged)
        merged = dropLost(job, id);
    if (merged)
        merged = folder.commit();
    if (folder.committed())
        chunks->keep();
    return merged;
}

} // namespace

Result<void> runMergeTask(const Job& job, std::size_t number, std::size_t of, const TaskContext& context,
                          const std::filesystem::path& dataset)
{
    return guarded([&]() -> Result<void> {
        const TaskId id{TaskKind::Merge, number, of};
        if (number >= of || of > mostMerges)
            return whilePreparing(jobError(JobTrouble::NoSuchTask, job.folder, id.name()));
        const auto place = dataset.empty() ? Result<std::filesystem::path>(std::filesystem::path())
                                           : chunkPlace(job, dataset);
        if (!place)
            return whilePreparing(place.error());
        if (taskIsDone(job, id))
            return {};
        for (std::size_t i = 0; i < job.shards; ++i) {
            if (auto done = checkDone(job, {TaskKind::Reduce, i}); !done)
                return whilePreparing(std::move(done).error());
        }
        ProgressMeter meter(context.heartbeat, job.options.memoryLimit);
        auto folder = TaskFolder::begin(job, id);
        if (!folder)
            return std::move(folder).error();
        auto merged = meter.reason(mergeInto(job, id, *folder, *place, meter));
        if (merged && !taskIsDone(job, id)) // somebody else was first, and what that one made is gone since
            return jobError(JobTrouble::ChunksGone, taskFolder(job, id), id.name());
        return merged;
    });
}

} // namespace packetloom
