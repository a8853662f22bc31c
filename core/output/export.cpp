// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/export.h"

#include "core/analysis/selected_rows.h"
#include "core/analysis/spool_rows.h"
#include "core/output/conversion.h"
#include "core/support/guard.h"

#include <memory>

namespace packetloom {
namespace {

/// Everything was counted when the capture was analyzed.
class NothingCounted final : public ShardCollector
{
public:
    void packetOfNoFlow(const Packet&, std::uint64_t) override {}
    void flow(const CompletedFlow&, const FlowLife&) override {}
    [[nodiscard]] std::uint64_t growth(std::size_t) const override { return 0; }
};

Result<ConversionSummary> exportUnguarded(const CaptureAnalysis& analysis, const Options& options,
                                          const std::filesystem::path& folder, ProgressMeter& meter)
{
    auto output = prepareOutput(options, folder);
    if (!output)
        return std::move(output).error();
    meter.progress().bytesTotal = analysis.spool.bytes();
    TaskPool pool(options.threads);
    std::unique_ptr<RowSource> rows =
        std::make_unique<SpoolRows>(analysis.spool, analysis.totals.uniqueAddresses);
    if (analysis.whole) { // flows are judged by the times of packets that are not exported, too
        rows = std::make_unique<SelectedRows>(*analysis.whole, *analysis.selection);
        meter.progress().bytesTotal = analysis.whole->spool.bytes();
    }
    ShardedCollector<NothingCounted> collector(pool);
    const RunFigures known{analysis.totals, analysis.addressStats, analysis.flags, analysis.bins};
    return runInto(*output,
                   {.rows = *rows,
                    .addresses = analysis.addresses,
                    .collector = collector,
                    .known = &known,
                    .flowTimeoutSeconds = analysis.options.flowTimeoutSeconds},
                   analysis.totals.rows.kept, options, pool, meter);
}

} // namespace

Result<ConversionSummary> exportDataset(const CaptureAnalysis& analysis, const Options& options,
                                        const std::filesystem::path& folder, const Heartbeat& heartbeat)
{
    return guarded([&] {
        ProgressMeter meter(heartbeat, options.memoryLimit);
        return meter.reason(exportUnguarded(analysis, options, folder, meter));
    });
}

} // namespace packetloom
