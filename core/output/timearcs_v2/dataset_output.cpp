// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/dataset_output.h"

#include "core/output/timearcs_v2/manifest_writer.h"
#include "core/support/path_text.h"

#include <utility>

namespace packetloom {
namespace {

class DatasetPart final : public OutputPart
{
public:
    DatasetPart(DatasetWriter& dataset, std::uint64_t firstFlow)
        : dataset_(dataset), chunks_(dataset.chunkWriter(firstFlow))
    {
    }

    void flow(const CompletedFlow& flow, const FlowLife& life) override { chunks_->write(flow, life); }
    std::optional<Error> finish() override { return chunks_->finish(); }
    void commit() override { dataset_.take(*chunks_); }

private:
    DatasetWriter& dataset_;
    std::unique_ptr<ChunkWriter> chunks_;
};

} // namespace

Manifest manifestOf(const Options& options, const RunTotals& totals)
{
    Manifest manifest;
    manifest.created = localTimestamp();
    for (std::size_t i = 0; i < options.inputs.size(); ++i) { // as the system writes them, whoever asked
        auto path = options.inputs[i];
        manifest.sourceFiles.push_back(pathText(path.make_preferred()));
        if (options.skipBroken && i < totals.inputs.size() && totals.inputs[i].incomplete)
            manifest.incomplete.push_back({manifest.sourceFiles.back(), totals.inputs[i].rows.kept});
    }
    manifest.totalPackets = totals.rows.kept;
    manifest.tcpPackets = totals.tcpPackets;
    manifest.uniqueAddresses = totals.uniqueAddresses;
    manifest.firstTimestamp = totals.firstTimestamp;
    manifest.lastTimestamp = totals.lastTimestamp;
    manifest.attackContext = options.attackContext;
    manifest.addressFilter = options.addressFilter;
    manifest.filterEnds = options.filterEnds;
    manifest.filter = options.filter;
    manifest.tunnels = options.reading.tunnels;
    manifest.skipBroken = options.skipBroken;
    manifest.window = options.window;
    manifest.rows = totals.rows;
    return manifest;
}

std::uint64_t estimatedDatasetBytes(std::uint64_t packets, const Options& options)
{
    return packets * (options.style == JsonStyle::Compact ? 600u : 950u);
}

std::unique_ptr<Output> DatasetOutput::open(const std::filesystem::path& folder,
                                            const AddressTable& addresses, TaskPool& pool,
                                            const Options& options, const FlowEngine& engine)
{
    return std::make_unique<DatasetOutput>(folder, addresses, pool, options, engine);
}

DatasetOutput::DatasetOutput(const std::filesystem::path& folder, const AddressTable& addresses,
                             TaskPool& pool, const Options& options, const FlowEngine& engine)
    : options_(options),
      writer_(folder, static_cast<std::uint64_t>(options.flowsPerChunk), addresses, pool, options.style,
              engine)
{
}

std::unique_ptr<OutputPart> DatasetOutput::part(std::uint64_t firstFlow)
{
    return std::make_unique<DatasetPart>(writer_, firstFlow);
}

Result<void> DatasetOutput::finish(const RunFigures& figures)
{
    return writer_.finish(figures.addressStats, figures.flags, figures.bins,
                          manifestOf(options_, figures.totals));
}

Output::Size DatasetOutput::size() const
{
    return {.chunks = writer_.chunks(), .files = writer_.files(), .bytes = writer_.bytes()};
}

} // namespace packetloom
