// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/dataset_source.h"
#include "core/analysis/flow_table.h"
#include "core/analysis/packet_spool.h"
#include "core/model/flow_life.h"
#include "core/run/options.h"
#include "core/run/run_result.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/flow_tally.h"
#include "core/stats/pair_stats.h"
#include "core/stats/time_bins.h"
#include "core/stats/timeline.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace packetloom {

/// A kept row as it was understood.
struct PreviewRow
{
    std::size_t input = 0; ///< index into Options::inputs
    std::uint64_t line = 0;
    Packet packet;
};

inline constexpr std::size_t keptPreviewRows = 1000;

/// What a preview shows: everything that the export of the same options would count. Immutable once
/// published; any number of threads may read it.
struct Analysis
{
    explicit Analysis(Options made, const std::filesystem::path& spillFolder)
        : options(std::move(made)), spool(spillFolder)
    {
    }

    Options options; ///< that it was made with
    RunTotals totals;
    FlowTally tally;
    AddressTable addresses;
    AddressStats addressStats;
    FlagStats flags;
    PairStats pairs;
    std::vector<TimeBin> bins;

    // Only with Depth::Flows:
    FlowTable flows;
    Timeline byClass{packetClassCount};   ///< all kept packets, by PacketClass
    Timeline byOutcome{flowOutcomeCount}; ///< the packets of all flows, by FlowOutcome
    std::vector<PreviewRow> firstRows;    ///< the first keptPreviewRows
    PacketSpool spool;

    /// Where flows are read from when it is an opened dataset (openDataset()); null for one of captures.
    std::shared_ptr<const DatasetSource> dataset;
};

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

/// Fetches a flow of an analysis made with Depth::Flows out of its spool, or of an opened dataset out of the
/// flow's chunk file. `flow` is an index into its flows. Errors: Read; of a dataset also Open, DatasetSyntax,
/// DatasetMismatch.
Result<FlowDetail> readFlow(const Analysis& analysis, std::size_t flow);

} // namespace packetloom
