// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/analyze.h"

#include "core/convert/engine.h"
#include "core/convert/guard.h"

namespace packetloom {
namespace {

class CountingSink : public EngineSink
{
public:
    explicit CountingSink(Analysis& analysis) : analysis_(analysis) {}

    void packet(const KeptRow& row) override
    {
        if (row.packet.isTcp())
            analysis_.pairs.add(row.packet);
    }
    void flow(const CompletedFlow&, const FlowLife&) override {}
    std::optional<Error> failure() override { return std::nullopt; }

protected:
    Analysis& analysis() { return analysis_; }

private:
    Analysis& analysis_;
};

class FlowsSink final : public CountingSink
{
public:
    using CountingSink::CountingSink;

    void packet(const KeptRow& row) override
    {
        CountingSink::packet(row);
        analysis().spool.add(row.packet);
        analysis().byClass.add(row.packet.timestamp, static_cast<std::size_t>(classify(row.packet)),
                               row.packet.length);
        if (analysis().firstRows.size() < keptPreviewRows)
            analysis().firstRows.push_back({row.input, row.line, row.packet});
    }
    void flow(const CompletedFlow& flow, const FlowLife& life) override
    {
        analysis().flows.add(flow, life);
        const auto outcome = static_cast<std::size_t>(outcomeOf(life.closeType, life.invalidReason));
        for (const FlowPacket& packet : flow.packets)
            analysis().byOutcome.add(packet.timestamp, outcome, packet.length);
    }
    void readChunkEnded() override { analysis().spool.endReadChunk(); }
    std::optional<Error> failure() override { return analysis().spool.failure(); }
};

Result<std::shared_ptr<const Analysis>> analyzeUnguarded(const Options& options, const Heartbeat& heartbeat,
                                                         Depth depth)
{
    auto plan = preflight(options);
    if (!plan)
        return whilePreparing(std::move(plan).error());
    const auto folder =
        options.temporaryFolder.empty() ? std::filesystem::temp_directory_path() : options.temporaryFolder;
    auto analysis = std::make_shared<Analysis>(options, folder);
    ProgressMeter meter(heartbeat);
    std::unique_ptr<EngineSink> sink;
    if (depth == Depth::Flows)
        sink = std::make_unique<FlowsSink>(*analysis);
    else
        sink = std::make_unique<CountingSink>(*analysis);
    Engine engine(options, *plan, analysis->addresses, *sink, meter, folder);
    if (depth == Depth::Flows) {
        meter.progress().timeline = &analysis->byClass;
        meter.progress().tally = &engine.tally();
    }
    if (auto run = engine.run(); !run)
        return std::move(run).error();
    if (auto spooled = analysis->spool.finish(); !spooled)
        return std::move(spooled).error();
    auto bins = engine.bins();
    if (!bins)
        return std::move(bins).error();
    analysis->bins = *std::move(bins);
    analysis->totals = std::move(engine.totals());
    analysis->tally = engine.tally();
    analysis->addressStats = std::move(engine.addressStats());
    analysis->flags = std::move(engine.flagStats());
    return std::shared_ptr<const Analysis>(std::move(analysis));
}

} // namespace

Result<std::shared_ptr<const Analysis>> analyze(const Options& options, const Heartbeat& heartbeat,
                                                Depth depth)
{
    return guarded([&] { return analyzeUnguarded(options, heartbeat, depth); });
}

} // namespace packetloom
