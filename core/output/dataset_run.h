// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/conversion_summary.h"
#include "core/output/target/output_folder.h"
#include "core/output/timearcs_v2/dataset_writer.h"
#include "core/run/flow_shards.h"
#include "core/run/flow_stage.h"
#include "core/run/options.h"
#include "core/run/progress.h"
#include "core/stats/address_stats.h"

#include <functional>
#include <memory>
#include <vector>

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
/// The flows of a dataset, in order of completion, on their way into chunk files.
class DatasetFlows final : private FlowWork
{
public:
    /// All must outlive it; `goOn` is asked now and then, false ends the run.
    DatasetFlows(DatasetWriter& writer, TaskPool& pool, const std::filesystem::path& folder,
                 std::function<bool()> goOn)
        : writer_(writer), goOn_(std::move(goOn)), stage_(folder, pool, *this)
    {
    }

    [[nodiscard]] FlowStage& stage() { return stage_; }
    /// What the flows that came back add to the statistics of addresses.
    [[nodiscard]] AddressStats& addresses() { return addresses_; }
    /// See growthOf(): for so many flows.
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const { return addresses_.growth(2 * flows); }
    /// What taking over addresses() takes.
    [[nodiscard]] std::uint64_t bytesToFinish() const
    {
        return AddressStats::bytesToMerge(addresses_.inOrder().size());
    }

private:
    [[nodiscard]] bool endsBefore(std::uint64_t flow) const override { return writer_.beginsChunk(flow); }
    [[nodiscard]] bool follows(std::uint64_t flow) const override { return !writer_.beginsChunk(flow); }
    std::unique_ptr<FlowVisitor> visitor(std::uint64_t firstFlow) override
    {
        return std::make_unique<ChunkVisitor>(writer_.chunkWriter(firstFlow));
    }
    void take(FlowVisitor& visitor) override { writer_.take(static_cast<ChunkVisitor&>(visitor).writer()); }
    void count(const FlowCounts& flow) override { addresses_.addFlow(flow); }
    bool goOn() override { return goOn_() && !writer_.failure(); }

    DatasetWriter& writer_;
    std::function<bool()> goOn_;
    AddressStats addresses_;
    FlowStage stage_;
};

/// A shard's packets that belong to no flow, where its flows are somebody else's.
class NoFlowCollector final : public ShardCollector
{
public:
    void packetOfNoFlow(const Packet& packet, std::uint64_t row) override { pairs_.add(packet, row); }
    void flow(const CompletedFlow&, const FlowLife&) override {}
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const override { return pairs_.growth(flows); }
    void addTo(AddressStats& addresses) const
    {
        pairs_.forEach([&](const AddressPair& pair) { addresses.addPair(pair); });
    }

private:
    PairStats pairs_; ///< unlike AddressStats, it takes nothing for addresses that it never met
};

/// One a shard, and what FlowShards wants of them.
template <class Collector>
std::vector<ShardCollector*> pointersTo(std::vector<std::unique_ptr<Collector>>& collectors)
{
    std::vector<ShardCollector*> pointers;
    for (auto& collector : collectors)
        pointers.push_back(collector.get());
    return pointers;
}

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
