// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/convert.h"

#include "core/convert/engine.h"
#include "core/convert/guard.h"
#include "core/dataset/dataset_writer.h"
#include "core/dataset/output_folder.h"
#include "core/support/path_text.h"

namespace packetloom {
namespace {

class DatasetSink final : public EngineSink
{
public:
    explicit DatasetSink(DatasetWriter& writer) : writer_(writer) {}

    void packet(const Packet& packet) override { writer_.packet(packet); }
    void flow(const CompletedFlow& flow, const FlowLife& life) override { writer_.flow(flow, life); }
    std::optional<Error> failure() override { return writer_.failure(); }

private:
    DatasetWriter& writer_;
};

Manifest manifestOf(const Options& options, const RunTotals& totals)
{
    Manifest manifest;
    manifest.created = localTimestamp();
    for (const auto& input : options.inputs)
        manifest.sourceFiles.push_back(pathText(input));
    manifest.totalPackets = totals.rows.kept;
    manifest.tcpPackets = totals.tcpPackets;
    manifest.uniqueAddresses = totals.uniqueAddresses;
    manifest.firstTimestamp = totals.firstTimestamp;
    manifest.lastTimestamp = totals.lastTimestamp;
    manifest.attackContext = options.attackContext;
    manifest.addressFilter = options.addressFilter;
    manifest.window = options.window;
    manifest.rows = totals.rows;
    return manifest;
}

Result<ConversionSummary> convertUnguarded(const Options& options, const std::filesystem::path& folder,
                                           const Heartbeat& heartbeat)
{
    auto plan = preflight(options);
    if (!plan)
        return whilePreparing(std::move(plan).error());
    auto readFrom = options.inputs;
    if (!options.ipMap.empty())
        readFrom.push_back(options.ipMap);
    const auto policy = options.replaceAnything ? ReplacePolicy::Anything : ReplacePolicy::Datasets;
    auto output = OutputFolder::check(folder, policy, readFrom);
    if (!output)
        return whilePreparing(std::move(output).error());
    if (auto created = output->create(); !created)
        return whilePreparing(std::move(created).error());

    AddressTable addresses;
    DatasetWriter writer(output->path(), static_cast<std::uint64_t>(options.flowsPerChunk), addresses);
    DatasetSink sink(writer);
    ProgressMeter meter(heartbeat);
    Engine engine(options, *plan, addresses, sink, meter, output->path());
    if (auto run = engine.run(); !run)
        return std::move(run).error();
    auto bins = engine.bins();
    if (!bins)
        return std::move(bins).error();
    auto finished =
        writer.finish(engine.addressStats(), engine.flagStats(), *bins, manifestOf(options, engine.totals()));
    if (!finished)
        return std::move(finished).error();
    if (!meter.beat()) // the last moment to change one's mind
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    if (auto published = output->publish(); !published)
        return std::move(published).error();

    ConversionSummary summary;
    summary.totals = std::move(engine.totals());
    summary.tally = engine.tally();
    summary.flags = engine.flagStats().counts();
    summary.folder = output->target();
    summary.chunks = writer.chunks();
    summary.files = writer.files();
    summary.bytes = writer.bytes();
    return summary;
}

} // namespace

Result<ConversionSummary> convert(const Options& options, const std::filesystem::path& folder,
                                  const Heartbeat& heartbeat)
{
    return guarded([&] { return convertUnguarded(options, folder, heartbeat); });
}

} // namespace packetloom
