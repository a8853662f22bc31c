// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/line_finish.h"

#include "core/output/target/output_file.h"
#include "core/shard/checked_text.h"
#include "core/shard/exact/line_merge.h"
#include "core/shard/joined_map.h"
#include "core/shard/joined_statistics.h"
#include "core/shard/status.h"
#include "core/support/guard.h"

#include <optional>
#include <string>
#include <utility>

namespace packetloom {
namespace {

Result<RunTotals> totalsOf(const Job& job, const Cut& cut, ProgressMeter& meter, const TaskContext& context)
{
    JoinedStatistics statistics({}, job.givenInputs);
    const auto joined = forEachMap(
        job, cut, context, [&](std::size_t i, const std::filesystem::path& folder) -> Result<void> {
            const auto reader = MapFactsReader::open(folder, mapFileName(job, i, mapFactsFile));
            if (!reader)
                return reader.error();
            const auto facts = statistics.add(*reader, job.tasks[i].input, meter);
            return facts ? Result<void>() : Result<void>(facts.error());
        });
    if (!joined)
        return joined.error();
    if (auto agreed = statistics.finish(job, cut.rows); !agreed)
        return std::move(agreed).error();
    return std::move(statistics.totals);
}

/// `checkFirst`: what was taken cannot be taken back, so nothing damaged may go there.
Result<FlowExportSummary> write(const Job& job, std::size_t merges, RunTotals totals, const TakeText& take,
                                bool checkFirst, ProgressMeter& meter)
{
    const FlowLinesFormat& format = *job.output.format->flowLines();
    FlowExportSummary summary;
    const auto pass = [&](std::string_view text) {
        summary.bytes += text.size();
        return take(text);
    };
    TextBuffer frame;
    format.begin(frame, totals.firstTimestamp);
    if (auto passed = pass(frame.text()); !passed)
        return std::move(passed).error();
    for (std::size_t i = 0; i < merges; ++i) {
        const auto facts = readLineFacts(job, i, merges);
        if (!facts)
            return facts.error();
        const auto path = taskFolder(job, {TaskKind::Merge, i, merges}) / linesFile;
        if (checkFirst) {
            const auto see = [](std::string_view) { return Result<void>(); };
            if (auto good = readChecked(path, facts->bytes, facts->sum, meter, see); !good)
                return std::move(good).error();
        }
        if (auto joined = readChecked(path, facts->bytes, facts->sum, meter, pass); !joined)
            return std::move(joined).error();
        summary.flows += facts->flows;
        summary.written += facts->written;
        for (std::size_t state = 0; state < summary.states.size(); ++state)
            summary.states[state] += facts->states[state];
    }
    frame.clear();
    format.end(frame, totals.lastTimestamp);
    if (auto passed = pass(frame.text()); !passed)
        return std::move(passed).error();
    summary.totals = std::move(totals);
    summary.totals.flows = summary.flows;
    return summary;
}

Result<FlowExportSummary> finishUnguarded(const Job& job, const LinesPlace& place, const TaskContext& context)
{
    if (job.output.format->isFolder())
        return whilePreparing(
            jobError(JobTrouble::OtherOutput, job.folder, std::string(job.output.format->id)));
    const auto merges = finishedMerges(job);
    if (!merges)
        return whilePreparing(merges.error());
    const auto cut = readCut(job);
    if (!cut)
        return ofOtherTasks(cut.error());
    std::optional<OutputFile> file;
    if (!place.take) {
        if (isInJob(job, place.file))
            return whilePreparing(jobError(JobTrouble::OutputInJob, place.file));
        auto checked = OutputFile::check(place.file, place.replace, filesRead(job.options));
        if (!checked)
            return whilePreparing(std::move(checked).error());
        file.emplace(*std::move(checked));
        if (auto created = file->create(); !created)
            return whilePreparing(std::move(created).error());
    }
    ProgressMeter meter(context.heartbeat, job.options.memoryLimit);
    meter.progress().phase = Phase::Finishing;
    auto summary = meter.reason([&]() -> Result<FlowExportSummary> {
        auto totals = totalsOf(job, *cut, meter, context);
        if (!totals)
            return std::move(totals).error();
        const auto take =
            place.take ? place.take : TakeText([&](std::string_view text) { return file->write(text); });
        return write(job, *merges, *std::move(totals), take, !file, meter);
    }());
    if (!summary || !file)
        return summary;
    if (!meter.beat()) // the last moment to change one's mind
        return meter.reason(Error{.code = Errc::Cancelled, .detail = {}, .file = {}});
    if (auto published = file->publish(); !published)
        return std::move(published).error();
    summary->file = file->target();
    return summary;
}

} // namespace

Result<FlowExportSummary> finishLines(const Job& job, const LinesPlace& place, const TaskContext& context)
{
    return guarded([&] { return finishUnguarded(job, place, context); });
}

} // namespace packetloom
