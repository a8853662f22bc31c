// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/export.h"

#include "core/convert/dataset_run.h"
#include "core/convert/guard.h"
#include "core/flow/flow_tracker.h"

namespace packetloom {
namespace {

constexpr std::uint64_t packetsPerTick = 512;

/// Flows out of the spool's packets, straight into the dataset.
class SpoolExport final : private FlowSink
{
public:
    SpoolExport(const Analysis& analysis, DatasetWriter& writer, ProgressMeter& meter)
        : analysis_(analysis), writer_(writer), meter_(meter), tracker_(analysis.options.flowTimeoutSeconds)
    {
        meter_.progress().bytesTotal = analysis.spool.bytes();
    }

    Result<void> run()
    {
        auto walked = analysis_.spool.forEach({}, [&](const SpooledPacket& row) { return packet(row); });
        if (!walked)
            return walked;
        meter_.progress().phase = Phase::OpenFlows;
        if (goesOn_ && tracker_.endReadChunk(*this) && tracker_.finish(*this)) {
            meter_.progress().phase = Phase::Finishing;
            goesOn_ = meter_.beat();
        }
        if (auto error = writer_.failure())
            return *std::move(error);
        if (!goesOn_)
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return {};
    }

private:
    bool packet(const SpooledPacket& row)
    {
        if (row.beginsChunk && !tracker_.endReadChunk(*this))
            return false;
        writer_.packet(row.packet);
        if (row.packet.isTcp())
            tracker_.add(row.packet, row.row);
        Progress& progress = meter_.progress();
        if (row.row % packetsPerTick == 0) {
            progress.rows = progress.packets = row.row;
            progress.bytesDone = row.row * analysis_.spool.bytes() / analysis_.spool.packets();
            progress.flows = tracker_.openedFlows();
            progress.openFlows = tracker_.openFlows();
            goesOn_ = meter_.tick() && !writer_.failure();
        }
        return goesOn_;
    }

    bool take(const CompletedFlow& flow) override
    {
        writer_.flow(flow, machine_.run(flow));
        goesOn_ = meter_.tick() && !writer_.failure();
        return goesOn_;
    }

    const Analysis& analysis_;
    DatasetWriter& writer_;
    ProgressMeter& meter_;
    FlowTracker tracker_;
    ReferenceMachine machine_;
    bool goesOn_ = true;
};

Result<ConversionSummary> exportUnguarded(const Analysis& analysis, const Options& options,
                                          const std::filesystem::path& folder, const Heartbeat& heartbeat)
{
    if (analysis.dataset)
        return whilePreparing(Error{
            .code = Errc::Internal, .detail = "an opened dataset has no packets to export", .file = {}});
    auto output = prepareOutput(options, folder);
    if (!output)
        return std::move(output).error();
    DatasetWriter writer(output->path(), static_cast<std::uint64_t>(options.flowsPerChunk),
                         analysis.addresses);
    ProgressMeter meter(heartbeat);
    SpoolExport run(analysis, writer, meter);
    if (auto done = run.run(); !done)
        return std::move(done).error();
    auto finished = writer.finish(analysis.addressStats, analysis.flags, analysis.bins,
                                  manifestOf(options, analysis.totals));
    if (!finished)
        return std::move(finished).error();
    if (!meter.beat())
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    if (auto published = output->publish(); !published)
        return std::move(published).error();
    return summaryOf(analysis.totals, analysis.tally, analysis.flags, *output, writer);
}

} // namespace

Result<ConversionSummary> exportDataset(const Analysis& analysis, const Options& options,
                                        const std::filesystem::path& folder, const Heartbeat& heartbeat)
{
    return guarded([&] { return exportUnguarded(analysis, options, folder, heartbeat); });
}

bool sameCapture(const Options& a, const Options& b)
{
    return a.inputs == b.inputs && a.ipMap == b.ipMap && a.addressFilter == b.addressFilter &&
           (a.addressFilter.empty() || a.filterEnds == b.filterEnds) && a.window.start == b.window.start &&
           a.window.end == b.window.end && a.maxRecords == b.maxRecords &&
           a.readChunkRows == b.readChunkRows && a.flowTimeoutSeconds == b.flowTimeoutSeconds &&
           a.skipMissing == b.skipMissing;
}

} // namespace packetloom
