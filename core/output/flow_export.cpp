// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/flow_export.h"

#include "core/analysis/analyze.h"
#include "core/output/flow_line_writer.h"
#include "core/output/target/output_file.h"
#include "core/run/option_table.h"
#include "core/support/guard.h"

#include <cstddef>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t pieceBytes = std::size_t{1} << 20;
constexpr std::uint64_t flowsBetweenTicks = 256;

Error cancelled()
{
    return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
}

/// `meter` is at its last phase.
Result<FlowExportSummary> findAndWrite(const Analysis& analysis, const Options& options,
                                       const FlowExport& wanted, const TakeText& take, ProgressMeter& meter,
                                       const StopEvent* stop)
{
    meter.progress().phase = Phase::Finishing;
    meter.progress().packets = analysis.packets();
    if (!meter.beat())
        return meter.reason(cancelled());
    const auto flows = exactFlowsOf(analysis, wanted.rules, options.threads, stop ? stop->flag() : nullptr);
    if (!flows)
        return flows.error();
    return meter.reason(writeFlows(analysis, **flows, wanted, take, meter));
}

Result<FlowExportSummary> analyzeAndWrite(const Options& options, const FlowExport& wanted,
                                          const TakeText& take, const Heartbeat& heartbeat,
                                          const StopEvent* stop)
{
    Options reading = options;
    reading.flowsBy = FlowsBy::Exact;
    reading.exact = wanted.rules;
    const auto analysis = analyze(reading, heartbeat, Depth::ExactFlows, {.stop = stop});
    if (!analysis)
        return analysis.error();
    ProgressMeter meter(heartbeat, options.memoryLimit);
    return findAndWrite(**analysis, options, wanted, take, meter, stop);
}

/// `write(take)` hands its text to where it is wanted.
template <class Write>
Result<FlowExportSummary> intoPlace(const Options& options, const FlowExport& wanted, const StopEvent* stop,
                                    const Write& write)
{
    if (wanted.take)
        return write(wanted.take);
    auto file = OutputFile::check(wanted.file, wanted.replace, filesRead(options));
    if (!file)
        return whilePreparing(std::move(file).error());
    if (auto created = file->create(); !created)
        return whilePreparing(std::move(created).error());
    Result<FlowExportSummary> written =
        write(TakeText([&](std::string_view text) { return file->write(text); }));
    if (!written)
        return written;
    if (stopRequested(stop)) // the last moment to change one's mind
        return cancelled();
    if (auto published = file->publish(); !published)
        return std::move(published).error();
    written->file = file->target();
    return written;
}

} // namespace

Result<FlowExportSummary> writeFlows(const Analysis& analysis, const ExactFlows& flows,
                                     const FlowExport& wanted, const TakeText& take, ProgressMeter& meter)
{
    FlowExportSummary summary;
    summary.totals = analysis.totals;
    summary.flows = flows.size();
    FlowLineWriter lines(wanted.format, analysis.addresses, wanted.filter);
    TextBuffer piece;
    const auto passOn = [&]() -> Result<void> {
        summary.bytes += piece.text().size();
        auto taken = take(piece.text());
        piece.clear();
        return taken;
    };
    wanted.format.begin(piece, analysis.totals.firstTimestamp);
    for (std::size_t i = 0; i < flows.size(); ++i) {
        if (i % flowsBetweenTicks == 0 && !meter.tick())
            return cancelled();
        lines.add(flows.flow(i), piece);
        if (piece.text().size() >= pieceBytes) {
            if (auto passed = passOn(); !passed)
                return std::move(passed).error();
        }
    }
    wanted.format.end(piece, analysis.totals.lastTimestamp);
    if (auto passed = passOn(); !passed)
        return std::move(passed).error();
    summary.written = lines.written();
    summary.states = lines.states();
    return summary;
}

FlowExport flowExportOf(const FlowExportQuestion& question, const Options& options)
{
    return {*question.format->flowLines(), question.rules, question.flows, question.file,
            options.replaceAnything};
}

Result<FlowExportSummary> exportFlows(const Options& options, const FlowExport& wanted,
                                      const Heartbeat& heartbeat, const StopEvent* stop)
{
    return guarded([&] {
        return intoPlace(options, wanted, stop, [&](const TakeText& take) {
            return analyzeAndWrite(options, wanted, take, heartbeat, stop);
        });
    });
}

bool holdsPacketsOf(const CaptureAnalysis& analysis, const Options& options)
{
    return !analysis.partial && sameCapture(analysis.options, options) &&
           (!analysis.selection || analysis.options.flowsBy == FlowsBy::Exact);
}

Result<FlowExportSummary> exportFlows(const CaptureAnalysis& analysis, const Options& options,
                                      const FlowExport& wanted, const Heartbeat& heartbeat,
                                      const StopEvent* stop)
{
    return guarded([&] {
        return intoPlace(options, wanted, stop, [&](const TakeText& take) {
            ProgressMeter meter(heartbeat, options.memoryLimit);
            return findAndWrite(analysis, options, wanted, take, meter, stop);
        });
    });
}

} // namespace packetloom
