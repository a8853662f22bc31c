// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/model/not_ip.h"
#include "core/model/reject_reason.h"
#include "core/model/row_counts.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/flow_tally.h"
#include "core/stats/frame_totals.h"
#include "core/stats/packet_order.h"
#include "core/stats/time_bins.h"
#include "core/support/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// A row that is no packet.
struct RejectedRow
{
    std::size_t input = 0; ///< index into Options::inputs
    std::uint64_t line = 0;
    RowUnit unit = RowUnit::Line; ///< what `line` counts
    RejectReason reason{};
    std::string column; ///< when a value is the trouble
    std::string raw;    ///< the row's beginning as it stands in the file, of a frame in hex: hostile text
};

/// Something that the user should know though the run goes on.
struct Warning
{
    enum class Kind : std::uint8_t {
        SkippedInput,    ///< Options::skipMissing or skipBroken left a file out; `error` says why
        BrokenInput,     ///< Options::skipBroken: reading a file ended at `error`; `kept` rows of it are in
        TrailingGarbage, ///< bytes after the end of gzip data were left out; error.byte says where
        InputCut,        ///< a packet capture ends early; `error` says why, and what came before is in
        InputGrew,       ///< error.file grew while it was read
        InputRewritten,  ///< error.file was written to while it was read
        InputReplaced,   ///< the name error.file got another file while the old one was read
        NothingKept,     ///< no row of the inputs was kept
        // of the table of flows error.file
        TimesWithoutZone, ///< its times say no time zone: they are read as UTC
        TimesWithoutDate, ///< its times say no date: they are read as those of 1970-01-01
        DayOrMonth,       ///< its dates do not tell the day from the month: the day is taken to come first
        NoDirections,     ///< it does not say which end sent what
        NotRemoved,       ///< the hidden folder error.file stays; error.detail: the system's reason
        ForeignLeftover,  ///< the same, for it holds what no run wrote; error.detail: which entry, if known
    };
    Kind kind{};
    Error error;
    std::uint64_t kept = 0; ///< of InputCut and BrokenInput: rows of the file that are in
};

/// What became of the rows of one input, and how regular its packets are.
struct InputTotals
{
    RowCounts rows;
    std::array<std::uint64_t, rejectReasonCount> rejectedBy{};
    NotIpCounts notIpBy{};
    PacketOrder order; ///< of the packets that were kept
    FrameTotals frames;
    /// Why not all of it is in: it was left out (`leftOut`), or reading ended early and the rows before are.
    std::optional<Error> incomplete{};
    bool leftOut = false;
};

/// Warns of what happened to an input while it was read. Errors: InputShrank, for what was cut off may be
/// missing in the middle of a row: that is no capture.
Result<void> noteChange(InputChange change, const std::filesystem::path& file,
                        std::vector<Warning>& warnings);

/// Counts that hold for every run, whatever is made of it.
struct RunTotals
{
    RowCounts rows;
    std::array<std::uint64_t, rejectReasonCount> rejectedBy{};
    NotIpCounts notIpBy{};
    std::vector<RejectedRow> firstRejected; ///< the first keptRejectedRows
    std::uint64_t tcpPackets = 0;
    std::uint64_t uniqueAddresses = 0;
    std::uint64_t flows = 0;
    std::int64_t firstTimestamp = 0; ///< microseconds since the epoch; 0 without packets
    std::int64_t lastTimestamp = 0;
    std::vector<Warning> warnings;
    std::vector<InputTotals> inputs; ///< as Options::inputs; of captures only

    /// After the run: warns when nothing was kept.
    void noteNothingKept();
};

/// What comes out of every run, whatever else is made of it.
struct RunResult
{
    RunTotals totals;
    FlowTally tally;
    AddressStats addressStats;
    FlagStats flags;
    std::vector<TimeBin> bins;
};

/// What an output tells of the rows beside their packets and flows.
struct RunFigures
{
    const RunTotals& totals;
    const AddressStats& addressStats;
    const FlagStats& flags;
    const std::vector<TimeBin>& bins;
};

} // namespace packetloom
