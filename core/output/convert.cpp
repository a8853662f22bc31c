// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"

#include "core/output/dataset_run.h"
#include "core/run/engine.h"
#include "core/support/guard.h"

#include <algorithm>

namespace packetloom {
namespace {

class DatasetSink final : public EngineSink
{
public:
    DatasetSink(DatasetWriter& writer, TaskPool& pool, ProgressMeter& meter,
                const std::filesystem::path& folder)
        : writer_(writer), flows_(writer, pool, folder, [&meter] { return meter.tick(); })
    {
        for (std::size_t i = 0; i < FlowShards::shardsFor(pool); ++i)
            collectors_.push_back(std::make_unique<NoFlowCollector>());
    }

    void packets(const KeptRows& rows) override { writer_.packets(rows.packets(), rows.batch); }
    std::vector<ShardCollector*> collectors() override { return pointersTo(collectors_); }
    FlowSink* flowsInOrder() override { return &flows_.stage(); }
    [[nodiscard]] std::uint64_t growth(std::size_t rows) const override { return flows_.growth(rows); }
    [[nodiscard]] std::uint64_t bytesToFinish() const override { return flows_.bytesToFinish(); }
    bool finish(AddressStats& addresses) override
    {
        if (!flows_.stage().finish())
            return false;
        writer_.finishPackets();
        addresses.merge(std::move(flows_.addresses()));
        for (const auto& collector : collectors_)
            collector->addTo(addresses);
        return true;
    }
    std::optional<Error> failure() override
    {
        return flows_.stage().failure() ? flows_.stage().failure() : writer_.failure();
    }
    [[nodiscard]] const FlowTally& tally() { return flows_.stage().tally(); }

private:
    DatasetWriter& writer_;
    std::vector<std::unique_ptr<NoFlowCollector>> collectors_;
    DatasetFlows flows_;
};

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
    AddressTable addresses;
    DatasetWriter writer(output->path(), static_cast<std::uint64_t>(options.flowsPerChunk), addresses, pool,
                         options.style);
    DatasetSink sink(writer, pool, meter, output->path());
    // What a filter leaves cannot be known before.
    const bool filtered = plan->filter || options.window.start || options.window.end;
    const std::uint64_t packets =
        filtered ? 0
        : options.maxRecords > 0
            ? std::min(plan->rowsExpected, static_cast<std::uint64_t>(options.maxRecords))
            : plan->rowsExpected;
    const std::uint64_t needed = noteSpace(packets, options, *output, meter.progress());
    Engine engine(options, *plan, addresses, pool, sink, meter, output->path());
    auto written = [&]() -> Result<void> {
        if (auto run = engine.run(); !run)
            return run;
        auto bins = engine.bins();
        if (!bins)
            return std::move(bins).error();
        if (!meter.tick(DatasetWriter::bytesToFinish(engine.addressStats())))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (auto finished = writer.finish(engine.addressStats(), engine.flagStats(), *bins,
                                          manifestOf(options, engine.totals()));
            !finished)
            return finished;
        if (!meter.beat()) // the last moment to change one's mind
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        engine.totals().noteNothingKept();
        return publish(*output, options, engine.totals(), meter);
    }();
    if (!written)
        return ofOutput(std::move(written).error(), needed, *output);

    return summaryOf(std::move(engine.totals()), sink.tally(), engine.flagStats(), *output, writer);
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
