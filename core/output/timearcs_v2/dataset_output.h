// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/timearcs_v2/dataset_writer.h"
#include "core/run/options.h"
#include "core/run/output.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace packetloom {

/// About how many bytes a dataset of so many packets takes: what generated and recorded captures took (a
/// packet is in packets.csv once and in its flow's JSON twice), rounded up.
std::uint64_t estimatedDatasetBytes(std::uint64_t packets, const Options& options);

/// Of a run that is over. DatasetWriter adds the counts of flows and chunks.
Manifest manifestOf(const Options& options, const RunTotals& totals);

/// A run as the chunked dataset that the TimeArcs viewers read (docs/dataset.md).
class DatasetOutput final : public Output
{
public:
    /// See OutputFormat::open().
    static std::unique_ptr<Output> open(const std::filesystem::path& folder, const AddressTable& addresses,
                                        TaskPool& pool, const Options& options, const FlowEngine& engine);

    DatasetOutput(const std::filesystem::path& folder, const AddressTable& addresses, TaskPool& pool,
                  const Options& options, const FlowEngine& engine);

    void packets(const KeptRows& rows) override { writer_.packets(rows.packets(), rows.batch); }
    std::unique_ptr<OutputPart> part(std::uint64_t firstFlow) override;
    [[nodiscard]] bool standsAlone(std::uint64_t firstFlow) const override
    {
        return writer_.beginsChunkFile(firstFlow);
    }
    std::optional<Error> failure() override { return writer_.failure(); }
    [[nodiscard]] std::uint64_t bytesToFinish(const RunFigures& figures) const override
    {
        return DatasetWriter::bytesToFinish(figures.addressStats);
    }
    Result<void> finish(const RunFigures& figures) override;
    [[nodiscard]] Size size() const override;

private:
    const Options& options_;
    DatasetWriter writer_;
};

} // namespace packetloom
