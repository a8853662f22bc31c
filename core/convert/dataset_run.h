// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/analysis.h"
#include "core/convert/flow_stage.h"
#include "core/convert/options.h"
#include "core/convert/progress.h"
#include "core/dataset/dataset_writer.h"
#include "core/dataset/output_folder.h"

namespace packetloom {

/// What convert() and exportDataset() have in common.

/// Flows into chunk files.
class ChunkVisitor final : public FlowVisitor
{
public:
    explicit ChunkVisitor(std::unique_ptr<ChunkWriter> writer) : writer_(std::move(writer)) {}

    void flow(const CompletedFlow& flow, const FlowLife& life) override { writer_->write(flow, life); }
    std::optional<Error> finish() override { return writer_->finish(); }
    [[nodiscard]] ChunkWriter& writer() { return *writer_; }

private:
    std::unique_ptr<ChunkWriter> writer_;
};

/// Whether the dataset may go there, by looking alone; errors belong to the preparation.
Result<OutputFolder> checkOutput(const Options& options, const std::filesystem::path& folder);
/// The output folder, looked at and made; errors belong to the preparation.
Result<OutputFolder> prepareOutput(const Options& options, const std::filesystem::path& folder);
/// How much room a dataset of so many packets (0: unknown) needs; notes it in `progress` when there is less.
std::uint64_t noteSpace(std::uint64_t packets, const Options& options, const OutputFolder& output,
                        Progress& progress);
/// The same error; one of a full disk also says how much was needed, or that it is not bytes
/// that are missing, and a file of the working folder goes by
/// the name that it would have got: the user knows no other.
Error ofOutput(Error error, std::uint64_t needed, const OutputFolder& output);
/// The last step: OutputFolder::publish(), but for a run that kept nothing, which does not replace a dataset
/// that has packets unless the options say so (NothingKept).
Result<void> publish(OutputFolder& output, const Options& options, const RunTotals& totals,
                     ProgressMeter& meter);
/// What the manifest says of a run; the writer adds the counts of flows and chunks.
Manifest manifestOf(const Options& options, const RunTotals& totals);
/// Fills in what the writer and the folder know.
ConversionSummary summaryOf(RunTotals totals, const FlowTally& tally, const FlagStats& flags,
                            const OutputFolder& output, DatasetWriter& writer);

} // namespace packetloom
