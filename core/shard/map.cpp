// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/map.h"

#include "core/model/packet_extras.h"
#include "core/run/preflight.h"
#include "core/shard/job_trouble.h"
#include "core/shard/map_output.h"
#include "core/shard/stretch.h"
#include "core/shard/task_folder.h"
#include "core/support/guard.h"

#include <utility>

namespace packetloom {
namespace {

Result<void> readAll(CaptureRows& rows, std::vector<CaptureRows::ReadChunk>& chunks, MapOutput& output,
                     ProgressMeter& meter)
{
    const auto goOn = [&](std::size_t, std::uint64_t coming) { return meter.tick(coming); };
    for (;;) {
        auto piece = rows.next(goOn);
        if (!piece)
            return std::move(piece).error();
        if (!*piece)
            return {};
        if (!(*piece)->rows.empty())
            output.add((*piece)->rows);
        if (!chunks.empty())
            output.endChunk(chunks.back());
        chunks.clear();
        if (auto failure = output.failure())
            return *std::move(failure);
        rows.noteProgress(meter.progress());
    }
}

} // namespace

Result<void> writeMap(const Job& job, std::size_t number, const MapLimits& limits,
                      const std::filesystem::path& folder, const TaskContext& context)
{
    const MapTask& task = job.tasks[number];
    if (auto same = checkUnchanged(job.fileOf(task)); !same)
        return same;
    for (std::size_t i = job.options.inputs.size(); i < job.files.size(); ++i) {
        if (auto same = checkUnchanged(job.files[i]); !same)
            return same;
    }
    Options options = job.options;
    options.inputs = {job.options.inputs[task.input]};
    options.maxRecords = limits.maxRecords;
    ProgressMeter meter(context.heartbeat, options.memoryLimit);
    return meter.reason([&]() -> Result<void> {
        auto plan = preflight(options, &meter, context.stop);
        if (!plan)
            return whilePreparing(std::move(plan).error());
        meter.progress().bytesTotal = plan->bytesTotal;
        if (!task.isWhole()) {
            auto opened = openStretch(plan->inputs.front().spec, task, options.blockSize);
            if (!opened)
                return std::move(opened).error();
            plan->inputs.front().opened = *std::move(opened);
            meter.progress().bytesTotal = stretchBytes(job, task);
        }
        TaskPool pool(options.threads);
        AddressTable addresses;
        const bool exact = job.output.needsExactFlows();
        CaptureRows rows(options, *plan, addresses, pool, exact ? detailsOfExtras() : Details());
        std::vector<CaptureRows::ReadChunk> chunks;
        rows.goOnFrom(limits.before);
        rows.noteChunks(chunks);
        const MapPlace place{job, number, limits.parts, folder, addresses};
        const auto output = exact ? exactMapOutput(place) : datasetMapOutput(place);
        if (auto read = readAll(rows, chunks, *output, meter); !read)
            return read;
        if (auto same = checkUnchanged(job.fileOf(task)); !same)
            return same;
        RunTotals totals;
        rows.finish(totals);
        return output->finish(std::move(totals));
    }());
}

Result<void> runMapTask(const Job& job, std::size_t number, const TaskContext& context)
{
    return guarded([&]() -> Result<void> {
        const TaskId id{TaskKind::Map, number};
        if (number >= job.tasks.size())
            return whilePreparing(jobError(JobTrouble::NoSuchTask, job.folder, id.name()));
        if (taskIsDone(job, id))
            return {};
        auto folder = TaskFolder::begin(job, id);
        if (!folder)
            return std::move(folder).error();
        const MapLimits limits{.before = {}, .maxRecords = job.options.maxRecords, .parts = true};
        if (auto written = writeMap(job, number, limits, folder->path(), context); !written)
            return written;
        return folder->commit();
    });
}

} // namespace packetloom
