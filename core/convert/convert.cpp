// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/convert.h"

#include "core/convert/dataset_run.h"
#include "core/convert/engine.h"
#include "core/convert/guard.h"

#include <algorithm>

namespace packetloom {
namespace {

class DatasetSink final : public EngineSink
{
public:
    explicit DatasetSink(DatasetWriter& writer) : writer_(writer) {}

    void packets(const KeptRows& rows) override { writer_.packets(rows.packets(), rows.batch); }
    void packetOfNoFlow(const Packet&, std::uint64_t) override {}
    void count(const FlowCounts&) override {}
    [[nodiscard]] bool endsBefore(std::uint64_t flow) const override { return writer_.beginsChunk(flow); }
    [[nodiscard]] bool follows(std::uint64_t flow) const override { return !writer_.beginsChunk(flow); }
    std::unique_ptr<FlowVisitor> visitor(std::uint64_t firstFlow) override
    {
        return std::make_unique<ChunkVisitor>(writer_.chunkWriter(firstFlow));
    }
    void take(FlowVisitor& visitor) override { writer_.take(static_cast<ChunkVisitor&>(visitor).writer()); }
    void finish() override { writer_.finishPackets(); }
    std::optional<Error> failure() override { return writer_.failure(); }

private:
    DatasetWriter& writer_;
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
    DatasetSink sink(writer);
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

    return summaryOf(std::move(engine.totals()), engine.tally(), engine.flagStats(), *output, writer);
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
