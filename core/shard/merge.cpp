// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/merge.h"

#include "core/run/flow_stage.h"
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

/// The chunk files of a share, which begins with one.
Result<void> mergeChunks(const Job& job, std::size_t number, std::size_t of,
                         const std::filesystem::path& folder, ProgressMeter& meter)
{
    AddressTable addresses;
    Flows flows;
    if (auto opened = openFlows(job, flows, addresses); !opened)
        return opened;
    std::error_code error;
    std::filesystem::create_directory(folder / mergeFlowsFolder, error);
    const auto perChunk = static_cast<std::uint64_t>(job.options.flowsPerChunk);
    const std::uint64_t chunks = flows.total() / perChunk + (flows.total() % perChunk != 0 ? 1 : 0);
    const auto border = [&](std::size_t task) {
        const std::uint64_t whole = chunks / of * task + chunks % of * task / of;
        return whole >= chunks ? flows.total() : whole * perChunk;
    };
    const auto numbers = numbersOf(flows, meter);
    if (!numbers)
        return numbers.error();
    auto facts =
        writeShare(job, border(number), border(number + 1), flows, *numbers, addresses, folder, meter);
    if (!facts)
        return std::move(facts).error();
    auto files = chunkFilesIn(folder / mergeFlowsFolder);
    if (!files)
        return std::move(files).error();
    facts->files = *std::move(files);
    return writeMergeFacts(job, number, of, *facts, folder);
}

} // namespace

Result<void> runMergeTask(const Job& job, std::size_t number, std::size_t of, const TaskContext& context)
{
    return guarded([&]() -> Result<void> {
        const TaskId id{TaskKind::Merge, number, of};
        if (number >= of || of > mostMerges)
            return whilePreparing(jobError(JobTrouble::NoSuchTask, job.folder, id.name()));
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
        const auto& merge = job.output.needsExactFlows() ? mergeLines : mergeChunks;
        if (auto merged = meter.reason(merge(job, number, of, folder->path(), meter)); !merged)
            return merged;
        return folder->commit();
    });
}

} // namespace packetloom
