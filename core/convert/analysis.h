// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/dataset_source.h"
#include "core/convert/flow_table.h"
#include "core/convert/options.h"
#include "core/convert/packet_spool.h"
#include "core/dataset/manifest.h"
#include "core/flow/reference_machine.h"
#include "core/input/packet_reader.h"
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

/// A row that is no packet.
struct RejectedRow
{
    std::size_t input = 0; ///< index into Options::inputs
    std::uint64_t line = 0;
    RejectReason reason{};
    std::string column; ///< when a value is the trouble
    std::string raw;    ///< the row's beginning as it stands in the file: hostile text
};

/// Something that the user should know though the run goes on.
struct Warning
{
    enum class Kind : std::uint8_t {
        SkippedInput,    ///< --skip-missing left a file out; `error` says why
        TrailingGarbage, ///< bytes after the end of gzip data were left out; error.byte says where
        InputGrew,       ///< error.file grew while it was read
        InputRewritten,  ///< error.file was written to while it was read
        InputReplaced,   ///< the name error.file got another file while the old one was read
        NothingKept,     ///< no row of the inputs was kept
        NotRemoved,      ///< the hidden folder error.file stays; error.detail: the system's reason
        ForeignLeftover, ///< the same, for it holds what no run wrote; error.detail: which entry, if known
    };
    Kind kind{};
    Error error;
};

/// Counts that hold for every run, whatever is made of it.
struct RunTotals
{
    RowCounts rows;
    std::array<std::uint64_t, rejectReasonCount> rejectedBy{};
    std::vector<RejectedRow> firstRejected; ///< the first keptRejectedRows
    std::uint64_t tcpPackets = 0;
    std::uint64_t uniqueAddresses = 0;
    std::uint64_t flows = 0;
    std::int64_t firstTimestamp = 0; ///< microseconds since the epoch; 0 without packets
    std::int64_t lastTimestamp = 0;
    std::vector<Warning> warnings;

    /// After the run: warns when nothing was kept.
    void noteNothingKept();
};

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

/// What convert() did.
struct ConversionSummary
{
    RunTotals totals;
    FlowTally tally;
    std::vector<FlagStats::Count> flags;
    std::filesystem::path folder; ///< absolute
    std::uint64_t chunks = 0;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0; ///< of all files
};

} // namespace packetloom
