// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/analyze.h"

#include "core/convert/engine.h"
#include "core/convert/guard.h"

namespace packetloom {
namespace {

class AnalysisSink final : public EngineSink
{
public:
    explicit AnalysisSink(Analysis& analysis) : analysis_(analysis) {}

    void packet(const Packet& packet) override
    {
        if (packet.isTcp())
            analysis_.pairs.add(packet);
    }
    void flow(const CompletedFlow&, const FlowLife&) override {}
    std::optional<Error> failure() override { return std::nullopt; }

private:
    Analysis& analysis_;
};

Result<std::shared_ptr<const Analysis>> analyzeUnguarded(const Options& options, const Heartbeat& heartbeat)
{
    auto plan = preflight(options);
    if (!plan)
        return whilePreparing(std::move(plan).error());
    auto analysis = std::make_shared<Analysis>();
    AnalysisSink sink(*analysis);
    ProgressMeter meter(heartbeat);
    const auto folder =
        options.temporaryFolder.empty() ? std::filesystem::temp_directory_path() : options.temporaryFolder;
    Engine engine(options, *plan, analysis->addresses, sink, meter, folder);
    if (auto run = engine.run(); !run)
        return std::move(run).error();
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

Result<std::shared_ptr<const Analysis>> analyze(const Options& options, const Heartbeat& heartbeat)
{
    return guarded([&] { return analyzeUnguarded(options, heartbeat); });
}

} // namespace packetloom
