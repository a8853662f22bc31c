// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/export.h"

#include "core/output/dataset_run.h"
#include "core/support/guard.h"

namespace packetloom {
namespace {

constexpr std::size_t packetsABatch = 4096;

/// The spool's packets and their flows, straight into the dataset.
class SpoolExport
{
public:
    SpoolExport(const Analysis& analysis, DatasetWriter& writer, TaskPool& pool, ProgressMeter& meter,
                const std::filesystem::path& folder)
        : analysis_(analysis),
          writer_(writer),
          meter_(meter),
          written_(writer, pool, folder, [this] { return goOn(); }),
          noCollectors_(makeCollectors(pool)),
          flows_(analysis.options.flowTimeoutSeconds, folder, pool,
                 {.collectors = pointersTo(noCollectors_),
                  .inOrder = &written_.stage(),
                  .goOn = [this] { return goOn(); },
                  .routed = [](const RoutedRows&) {},
                  .quiet = [] {}},
                 PacketStats::Unwanted, noMarks_)
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
        meter_.progress().phase = Phase::OpenFlows;
        if (goesOn && handOver() && flows_.endReadChunk() && flows_.finish() && written_.stage().finish()) {
            writer_.finishPackets();
            meter_.progress().phase = Phase::Finishing;
            goesOn = meter_.beat();
        } else {
            goesOn = false;
        }
        if (auto error = flows_.failure())
            return *std::move(error);
        if (auto error = written_.stage().failure())
            return *std::move(error);
        if (auto error = writer_.failure())
            return *std::move(error);
        if (!goesOn)
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return {};
    }

private:
    using Collectors = std::vector<std::unique_ptr<NoFlowCollector>>;

    static Collectors makeCollectors(const TaskPool& pool)
    {
        Collectors collectors;
        for (std::size_t i = 0; i < FlowShards::shardsFor(pool); ++i)
            collectors.push_back(std::make_unique<NoFlowCollector>());
        return collectors;
    }

    bool packet(const SpooledPacket& row)
    {
        if (row.beginsChunk && !(handOver() && flows_.endReadChunk()))
            return false;
        if (!batch_) {
            batch_ = recycler_.take();
            batch_->clear();
            firstRow_ = row.row;
        }
        batch_->packets.push_back(row.packet);
        return batch_->packets.size() < packetsABatch || (handOver() && noteProgress(row.row));
    }
    bool noteProgress(std::uint64_t row)
    {
        Progress& progress = meter_.progress();
        progress.rows = progress.packets = row;
        progress.bytesDone = static_cast<std::uint64_t>(static_cast<double>(row) /
                                                        static_cast<double>(analysis_.spool.packets()) *
                                                        static_cast<double>(analysis_.spool.bytes()));
        progress.flows = flows_.openedFlows();
        progress.openFlows = flows_.openFlows();
        progress.addresses = analysis_.totals.uniqueAddresses;
        return meter_.tick(flows_.growth()) && !writer_.failure();
    }
    // What is in the batch, all of one read chunk.
    bool handOver()
    {
        if (!batch_)
            return true;
        const std::size_t packets = batch_->packets.size();
        const KeptRows rows{.batch = std::move(batch_), .begin = 0, .end = packets, .firstRow = firstRow_};
        writer_.packets(rows.packets(), rows.batch);
        return flows_.add(rows);
    }
    bool goOn() { return meter_.tick() && !writer_.failure(); }

    const Analysis& analysis_;
    DatasetWriter& writer_;
    ProgressMeter& meter_;
    Recycler<PacketBatch> recycler_;
    std::shared_ptr<PacketBatch> batch_; ///< not yet handed over
    std::uint64_t firstRow_ = 0;         ///< of the batch
    DatasetFlows written_;
    Collectors noCollectors_;
    AddressMarks noMarks_;
    FlowShards flows_;
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

} // namespace packetloom
