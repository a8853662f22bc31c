// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/export.h"

#include "core/convert/dataset_run.h"
#include "core/convert/guard.h"

namespace packetloom {
namespace {

constexpr std::size_t packetsABatch = 4096;

/// Flows out of the spool's packets, straight into the dataset.
class SpoolExport final : private FlowWork
{
public:
    SpoolExport(const Analysis& analysis, DatasetWriter& writer, TaskPool& pool, ProgressMeter& meter,
                const std::filesystem::path& folder)
        : analysis_(analysis),
          writer_(writer),
          meter_(meter),
          flows_(analysis.options.flowTimeoutSeconds, folder, pool, *this)
    {
        meter_.progress().bytesTotal = analysis.spool.bytes();
    }

    Result<void> run()
    {
        bool goesOn = true;
        auto walked =
            analysis_.spool.forEach({}, [&](const SpooledPacket& row) { return goesOn = packet(row); });
        if (!walked)
            return walked;
        handOver();
        meter_.progress().phase = Phase::OpenFlows;
        if (goesOn && flows_.endReadChunk() && flows_.finish()) {
            writer_.finishPackets();
            meter_.progress().phase = Phase::Finishing;
            goesOn = meter_.beat();
        } else {
            goesOn = false;
        }
        if (auto error = flows_.failure())
            return *std::move(error);
        if (auto error = writer_.failure())
            return *std::move(error);
        if (!goesOn)
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return {};
    }

private:
    using Packets = std::vector<Packet>;

    bool packet(const SpooledPacket& row)
    {
        if (row.beginsChunk && !flows_.endReadChunk())
            return false;
        if (!packets_) {
            packets_ = recycler_.take();
            packets_->clear();
        }
        packets_->push_back(row.packet);
        if (row.packet.isTcp())
            flows_.add(row.packet, row.row);
        if (packets_->size() < packetsABatch)
            return true;
        handOver();
        Progress& progress = meter_.progress();
        progress.rows = progress.packets = row.row;
        progress.bytesDone = static_cast<std::uint64_t>(static_cast<double>(row.row) /
                                                        static_cast<double>(analysis_.spool.packets()) *
                                                        static_cast<double>(analysis_.spool.bytes()));
        progress.flows = flows_.openedFlows();
        progress.openFlows = flows_.openFlows();
        progress.addresses = analysis_.totals.uniqueAddresses;
        return meter_.tick(flows_.growth(packetsABatch)) && !writer_.failure();
    }
    void handOver()
    {
        if (!packets_)
            return;
        const std::span<const Packet> span(*packets_);
        writer_.packets(span, std::move(packets_));
    }

    [[nodiscard]] bool endsBefore(std::uint64_t flow) const override { return writer_.beginsChunk(flow); }
    [[nodiscard]] bool follows(std::uint64_t flow) const override { return !writer_.beginsChunk(flow); }
    std::unique_ptr<FlowVisitor> visitor(std::uint64_t firstFlow) override
    {
        return std::make_unique<ChunkVisitor>(writer_.chunkWriter(firstFlow));
    }
    void take(FlowVisitor& visitor) override { writer_.take(static_cast<ChunkVisitor&>(visitor).writer()); }
    void count(const FlowCounts&) override {}
    bool goOn() override { return meter_.tick() && !writer_.failure(); }

    const Analysis& analysis_;
    DatasetWriter& writer_;
    ProgressMeter& meter_;
    Recycler<Packets> recycler_;
    std::shared_ptr<Packets> packets_; ///< not yet handed over
    FlowStage flows_;
};

Result<ConversionSummary> exportUnguarded(const Analysis& analysis, const Options& options,
                                          const std::filesystem::path& folder, ProgressMeter& meter)
{
    if (analysis.dataset)
        return whilePreparing(Error{
            .code = Errc::Internal, .detail = "an opened dataset has no packets to export", .file = {}});
    auto output = prepareOutput(options, folder);
    if (!output)
        return std::move(output).error();
    TaskPool pool(options.threads);
    DatasetWriter writer(output->path(), static_cast<std::uint64_t>(options.flowsPerChunk),
                         analysis.addresses, pool, options.style);
    const std::uint64_t needed = noteSpace(analysis.totals.rows.kept, options, *output, meter.progress());
    SpoolExport run(analysis, writer, pool, meter, output->path());
    auto written = [&]() -> Result<void> {
        if (auto done = run.run(); !done)
            return done;
        if (!meter.tick(DatasetWriter::bytesToFinish(analysis.addressStats)))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (auto finished = writer.finish(analysis.addressStats, analysis.flags, analysis.bins,
                                          manifestOf(options, analysis.totals));
            !finished)
            return finished;
        if (!meter.beat())
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return publish(*output, options, analysis.totals, meter);
    }();
    if (!written)
        return ofOutput(std::move(written).error(), needed, *output);
    return summaryOf(analysis.totals, analysis.tally, analysis.flags, *output, writer);
}

} // namespace

Result<ConversionSummary> exportDataset(const Analysis& analysis, const Options& options,
                                        const std::filesystem::path& folder, const Heartbeat& heartbeat)
{
    return guarded([&] {
        ProgressMeter meter(heartbeat, options.memoryLimit);
        return meter.reason(exportUnguarded(analysis, options, folder, meter));
    });
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
