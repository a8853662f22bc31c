// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"

#include "core/analysis/analyze.h"
#include "core/analysis/selected_rows.h"
#include "core/output/conversion.h"
#include "core/run/capture_rows.h"
#include "core/stats/pair_stats.h"
#include "core/support/guard.h"

#include <algorithm>

namespace packetloom {
namespace {

/// A shard's packets that belong to no flow: its flows come in order.
class NoFlowShard final : public ShardCollector
{
public:
    void packetOfNoFlow(const Packet& packet, std::uint64_t row) override { pairs_.add(packet, row); }
    void flow(const CompletedFlow&, const FlowLife&) override {}
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const override { return pairs_.growth(flows); }
    void addTo(AddressStats& addresses) const { addresses.addPairs(pairs_); }

private:
    PairStats pairs_; ///< unlike AddressStats, it takes nothing for addresses that it never met
};

class AddressCollector final : public ShardedCollector<NoFlowShard>
{
public:
    using ShardedCollector::ShardedCollector;

    void flow(const FlowCounts& flow) override { ofFlows_.addFlow(flow); }
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const override
    {
        return ofFlows_.growth(2 * flows);
    }
    [[nodiscard]] std::uint64_t bytesToFinish() const override
    {
        return AddressStats::bytesToMerge(ofFlows_.inOrder().size());
    }
    void finish(AddressStats& addresses) override
    {
        addresses.merge(std::move(ofFlows_));
        for (const auto& shard : own())
            shard->addTo(addresses);
    }

private:
    AddressStats ofFlows_;
};

// 0 when that is not known: what a filter leaves cannot be.
std::uint64_t expectedPackets(const Options& options, const Plan& plan)
{
    if (!options.addressFilter.empty() || options.window.start || options.window.end || !plan.filter.empty())
        return 0;
    return options.maxRecords > 0
               ? std::min(plan.rowsExpected, static_cast<std::uint64_t>(options.maxRecords))
               : plan.rowsExpected;
}

/// First all flows of the rows that the filter keeps, then those among them that it selects.
Result<ConversionSummary> convertFlows(const Options& options, Plan& plan, OutputFolder& output,
                                       AddressCollector& collector, TaskPool& pool, ProgressMeter& meter)
{
    const auto whole = analyzeRows(options, plan, meter, output.path());
    if (!whole)
        return whole.error();
    Progress& progress = meter.progress();
    progress.timeline = nullptr;
    progress.bytesTotal = (*whole)->spool.bytes();
    progress.phase = Phase::Reading;
    const FlowSelection selection(**whole, *plan.filter.flows);
    SelectedRows rows(**whole, selection);
    return runInto(output,
                   {.rows = rows,
                    .addresses = (*whole)->addresses,
                    .collector = collector,
                    .flowTimeoutSeconds = options.flowTimeoutSeconds},
                   0, options, pool, meter);
}

Result<ConversionSummary> convertUnguarded(const Options& options, const std::filesystem::path& folder,
                                           ProgressMeter& meter, const StopEvent* stop)
{
    auto plan = preflight(options, &meter, stop);
    if (!plan)
        return whilePreparing(std::move(plan).error());
    auto output = prepareOutput(options, folder);
    if (!output)
        return std::move(output).error();
    TaskPool pool(options.threads);
    AddressCollector collector(pool);
    if (plan->filter.flows)
        return convertFlows(options, *plan, *output, collector, pool, meter);
    meter.progress().bytesTotal = plan->bytesTotal;
    AddressTable addresses;
    CaptureRows rows(options, *plan, addresses, pool);
    return runInto(*output,
                   {.rows = rows,
                    .addresses = addresses,
                    .collector = collector,
                    .flowTimeoutSeconds = options.flowTimeoutSeconds},
                   expectedPackets(options, *plan), options, pool, meter);
}

} // namespace

Result<ConversionSummary> convert(const Options& options, const std::filesystem::path& folder,
                                  const Heartbeat& heartbeat, const StopEvent* stop)
{
    return guarded([&] {
        ProgressMeter meter(heartbeat, options.memoryLimit);
        return meter.reason(convertUnguarded(options, folder, meter, stop));
    });
}

} // namespace packetloom
