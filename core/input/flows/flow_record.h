// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_life.h"
#include "core/model/reject_reason.h"

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// How a flow ended, as far as the word of another tool tells. Such a flow is never Invalid: that is a
/// judgement of packets, which nobody has here.
struct FlowEnding
{
    FlowState state = FlowState::New;
    CloseType closeType = CloseType::None;
    bool established = false;
};

/// One flow as a table tells it. Texts are valid until the next row is read.
struct FlowRecord
{
    std::string_view source, destination; ///< IP addresses in canonical text; anything else as it stands
    std::int64_t sourcePort = 0, destinationPort = 0; ///< 0 where the table says none
    std::int64_t start = 0, end = 0;                  ///< microseconds since the epoch; start <= end
    std::string_view protocol;                        ///< "tcp": lower case, by name where it has a usual one
    std::string_view service;                         ///< the table's own word; may be empty, as the next one
    std::string_view state;
    /// None where the table does not say it. What both ends sent is their sum where both are said.
    std::optional<std::uint64_t> sentPackets, receivedPackets, sentBytes, receivedBytes;
    std::optional<std::uint64_t> packets, bytes;
    FlowEnding ending;

    [[nodiscard]] bool isTcp() const { return protocol == "tcp"; }
};

/// A row of a table of flows.
struct FlowRow
{
    std::uint64_t line = 0;               ///< physical line, from 1, where it begins
    std::optional<RejectReason> rejected; ///< then `record` means nothing
    std::string_view column;              ///< when a value is the trouble
    std::string_view raw;                 ///< of a rejected row: its beginning
    FlowRecord record;
};

/// What a table leaves open, so that it had to be assumed.
enum class FlowDoubt : std::uint8_t {
    NoZone,     ///< times without a time zone: read as UTC
    NoDate,     ///< times of day alone: read as those of 1970-01-01
    DayOrMonth, ///< no date tells the day from the month: the day is read first
};
inline constexpr std::size_t flowDoubtCount = 3;
using FlowDoubts = std::bitset<flowDoubtCount>; ///< by FlowDoubt

} // namespace packetloom
