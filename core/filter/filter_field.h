// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace packetloom {

/// What a filter can ask about (docs/filters.md).
enum class FilterField : std::uint8_t {
    Source, ///< of a flow: the initiator
    Destination,
    Address, ///< either of the two
    SourcePort,
    DestinationPort,
    Port, ///< either of the two
    Protocol,
    Service,
    Number,   ///< of a flow: the N of "flow_N"
    Start,    ///< time of the first packet
    End,      ///< time of the last packet
    Duration, ///< from start to end
    Packets,
    Bytes,
    State,
    Close,
    Reason,
    Timeout, ///< ended by inactivity alone
};

/// What kind of value a field has, and so what it can be compared with.
enum class FilterType : std::uint8_t {
    Address,
    Number,   ///< a count, or bytes
    Duration, ///< microseconds; written in seconds, or with a unit
    Time,     ///< microseconds since the epoch; written as a date, or in seconds
    Word,     ///< compared without regard to case
    Truth,    ///< stands alone, or is compared with 0 and 1
};

struct FieldName
{
    std::string_view name; ///< the first one of a field is its own, the others are Wireshark's and short ones
    FilterField field{};
};

/// Every name that a field can be called by.
std::span<const FieldName> fieldNames();
/// The field that is called so; null for none.
const FieldName* fieldNamed(std::string_view name);
std::string_view nameOf(FilterField field);
FilterType typeOf(FilterField field);

} // namespace packetloom
