// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/counted_packets.h"
#include "core/analysis/dataset_source.h"
#include "core/analysis/exact_flows.h"
#include "core/analysis/flow_table.h"
#include "core/analysis/packet_spool.h"
#include "core/analysis/row_flows.h"
#include "core/model/packet_class.h"
#include "core/run/options.h"
#include "core/stats/flow_tally.h"
#include "core/stats/time_bins.h"
#include "core/stats/timeline.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

namespace packetloom {

/// The packets of one flow and what became of it.
struct FlowDetail
{
    FlowKey key;
    /// By timestamp, file order where equal. Of a dataset only those that its chunk file lists: see
    /// FlowLife::listedPackets.
    std::vector<FlowPacket> packets;
    FlowLife life;
    bool byTimeout = false; ///< complete by inactivity alone
};

class FlowFacts;     // core/analysis/flow_facts.h
class FlowSelection; // core/analysis/flow_selection.h
struct CaptureAnalysis;
struct DatasetAnalysis;
struct FlowTableAnalysis; // core/analysis/flow_table_analysis.h

/// What a preview shows: everything that is known of the packets and flows of captures (analyze()), of an
/// opened dataset (openDataset()), or of another tool's table of flows (openFlowTable()). Immutable once
/// published; any number of threads may read it.
struct Analysis : CountedPackets
{
    explicit Analysis(const std::filesystem::path& spillFolder) : spool(spillFolder) {}
    Analysis(const Analysis&) = delete;
    Analysis& operator=(const Analysis&) = delete;
    virtual ~Analysis() = default;

    FlowTally tally;
    std::vector<TimeBin> bins;
    FlowTable flows;
    Timeline byClass{packetClassCount};   ///< all kept packets, by PacketClass
    Timeline byOutcome{flowOutcomeCount}; ///< the packets of all flows, by FlowOutcome
    PacketSpool spool;                    ///< all kept packets
    mutable RowFlowsPlace rowFlows;       ///< which flows those belong to, once rowFlowsOf() was asked
    mutable ExactFlowsPlace exactFlows;   ///< the same for exactFlowsOf()

    /// Of captures: this; else null.
    [[nodiscard]] virtual const CaptureAnalysis* capture() const { return nullptr; }
    /// Of an opened dataset: this; else null.
    [[nodiscard]] virtual const DatasetAnalysis* dataset() const { return nullptr; }
    /// Of a table of flows: this; else null.
    [[nodiscard]] virtual const FlowTableAnalysis* flowTable() const { return nullptr; }
    /// What is known of its flows where it is not the reference that tells of them; else null.
    [[nodiscard]] virtual const FlowFacts* flowFacts() const { return nullptr; }
    /// All that it is about.
    [[nodiscard]] virtual std::uint64_t packets() const { return totals.rows.kept; }
    /// See readFlow().
    [[nodiscard]] virtual Result<FlowDetail> detail(std::size_t flow) const = 0;
};

/// Of captures: what the export of the same options would write. Flows, timelines, first rows and the spool
/// are there with Depth::Flows only.
struct CaptureAnalysis final : Analysis
{
    CaptureAnalysis(Options made, const std::filesystem::path& spillFolder)
        : Analysis(spillFolder), options(std::move(made))
    {
        inputs = options.inputs;
    }

    Options options;      ///< that it was made with
    bool partial = false; ///< not all of the inputs was read: see Ending::enough
    /// Where the filter of the options selects flows: all that it selects them from, and which they are.
    std::shared_ptr<const CaptureAnalysis> whole = nullptr;
    std::shared_ptr<const FlowSelection> selection = nullptr;
    /// Where the exact engine tells of the flows: they, by the indexes of `flows`, and what else is known.
    ExactFlowsPtr exact = nullptr;
    std::shared_ptr<const FlowFacts> facts = nullptr;

    [[nodiscard]] const CaptureAnalysis* capture() const override { return this; }
    [[nodiscard]] const FlowFacts* flowFacts() const override { return facts.get(); }
    /// Out of the spool, judged again.
    [[nodiscard]] Result<FlowDetail> detail(std::size_t flow) const override;
};

/// Of an opened dataset. Its one input is the dataset's own table of packets; the spool knows no read chunks.
struct DatasetAnalysis final : Analysis
{
    using Analysis::Analysis;

    DatasetSource source;

    [[nodiscard]] const DatasetAnalysis* dataset() const override { return this; }
    /// Out of the flow's chunk file.
    [[nodiscard]] Result<FlowDetail> detail(std::size_t flow) const override;
};

/// About how many bytes of memory an analysis holds as long as it is looked at.
std::uint64_t memoryOf(const Analysis& analysis);

/// Fetches a flow of an analysis: of captures made with Depth::Flows, or of an opened dataset. `flow` is an
/// index into its flows. Errors: Read; of a dataset also Open, DatasetSyntax, DatasetMismatch; of a table of
/// flows FlowTable, for it has no packets.
Result<FlowDetail> readFlow(const Analysis& analysis, std::size_t flow);

} // namespace packetloom
