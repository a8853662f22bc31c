// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/reference_flows.h"

#include "core/analysis/spool_rows.h"
#include "core/run/collector.h"
#include "core/run/run.h"
#include "core/support/guard.h"

#include <vector>

namespace packetloom {
namespace {

/// A shard's part of the table of flows, and nothing else.
class TableShard final : public ShardCollector
{
public:
    void packetOfNoFlow(const Packet&, std::uint64_t) override {}
    void flow(const CompletedFlow& flow, const FlowLife& life) override { flows_.add(flow, life); }
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const override { return flows_.growth(flows); }
    [[nodiscard]] FlowTable& flows() { return flows_; }

private:
    FlowTable flows_;
};

class TableCollector final : public ShardedCollector<TableShard>
{
public:
    TableCollector(FlowTable& flows, const TaskPool& pool) : ShardedCollector(pool), flows_(flows) {}

    void quiet() override
    {
        std::vector<const FlowTable*> parts;
        for (const auto& shard : own())
            parts.push_back(&shard->flows());
        flows_.appendByNumber(parts);
        for (const auto& shard : own())
            shard->flows().clear();
    }
    [[nodiscard]] std::uint64_t growth(std::size_t rows) const override { return flows_.growth(rows); }

private:
    FlowTable& flows_;
};

} // namespace

Result<std::shared_ptr<const FlowTable>> referenceFlowsOf(const std::shared_ptr<const Analysis>& analysis,
                                                          StopFlag stop)
{
    using Made = Result<std::shared_ptr<const FlowTable>>;
    const auto* const capture = analysis->capture();
    if (!capture || !capture->exact)
        return std::shared_ptr<const FlowTable>(analysis, &analysis->flows);
    return guarded([&]() -> Made {
        auto flows = std::make_shared<FlowTable>();
        TaskPool pool(capture->options.threads);
        TableCollector collector(*flows, pool);
        SpoolRows rows(capture->spool, capture->totals.uniqueAddresses);
        const Heartbeat heartbeat = [&](const Progress&) { return !stopped(stop); };
        ProgressMeter meter(heartbeat, capture->options.memoryLimit);
        const RunFigures known{capture->totals, capture->addressStats, capture->flags, capture->bins};
        Run run({.rows = rows,
                 .addresses = capture->addresses,
                 .collector = collector,
                 .known = &known,
                 .flowTimeoutSeconds = capture->options.flowTimeoutSeconds},
                pool, meter, capture->spool.folder());
        auto done = meter.reason(run.run());
        if (!done)
            return std::move(done).error();
        return std::shared_ptr<const FlowTable>(std::move(flows));
    });
}

} // namespace packetloom
