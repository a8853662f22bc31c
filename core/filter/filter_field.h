// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_figure.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace packetloom {

/// What a filter can ask about (docs/filters.md).
enum class FilterField : std::uint8_t {
    Source,      ///< of a packet: its sender; of a flow: the initiator
    Destination, ///< the other one
    Address,     ///< either of the two
    SourcePort,
    DestinationPort,
    Port, ///< either of the two
    Protocol,
    Service,
    Time, ///< of a packet: when; of a flow: any time from its start to its end
    Initiator,
    Responder,
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
    Length,  ///< bytes of a packet
    Sequence,
    Acknowledgment,
    Flags, ///< the whole byte; then its bits
    FlagFin,
    FlagSyn,
    FlagRst,
    FlagPsh,
    FlagAck,
    FlagUrg,
    FlagEce,
    FlagCwr,
    FirstFigure, ///< from here on those of FlowFigure, in their order
};
inline constexpr int filterFieldCount =
    static_cast<int>(FilterField::FirstFigure) + static_cast<int>(flowFigureCount);

/// The field that asks for a figure of the exact engine, and back.
constexpr FilterField fieldOf(FlowFigure figure)
{
    return static_cast<FilterField>(static_cast<int>(FilterField::FirstFigure) + static_cast<int>(figure));
}
constexpr std::optional<FlowFigure> figureOf(FilterField field)
{
    if (field < FilterField::FirstFigure)
        return std::nullopt;
    return static_cast<FlowFigure>(static_cast<int>(field) - static_cast<int>(FilterField::FirstFigure));
}

/// What kind of value a field has, and so what it can be compared with.
enum class FilterType : std::uint8_t {
    Address,
    Number,   ///< a count, or bytes
    Duration, ///< microseconds; written in seconds, or with a unit
    Time,     ///< microseconds since the epoch; written as a date, or in seconds
    Word,     ///< compared without regard to case
    Protocol, ///< a name or a number
    Flags,    ///< a number, or names joined by a plus
    Truth,    ///< stands alone, or is compared with 0 and 1
};

/// What has a field.
enum class FilterSubject : std::uint8_t {
    Packets = 1,
    Flows = 2,
    Both = 3,
};

/// Which addresses a name is about, of those that are IP addresses: texts that are none have no family.
enum class AddressFamily : std::uint8_t { Any, Ip4, Ip6 };

/// A name of a field, and what must hold beside whatever is asked by it: "tcp.port" is the port of a TCP
/// packet, "ip.src" the address of an IPv4 packet.
struct FieldName
{
    std::string_view name; ///< the first one of a field is its own, the others are Wireshark's and short ones
    FilterField field{};
    AddressFamily family = AddressFamily::Any;
    std::uint8_t protocol = 0; ///< IANA's number; 0 for any
};

/// Every name that a field can be called by.
std::span<const FieldName> fieldNames();
/// The field that is called so; null for none.
const FieldName* fieldNamed(std::string_view name);
std::string_view nameOf(FilterField field);
FilterType typeOf(FilterField field);
FilterSubject subjectOf(FilterField field);
/// Whether values of the type have an order: they can be greater, and lie in a range.
bool isOrdered(FilterType type);
/// Whether they are texts, in which something can be looked for.
bool isText(FilterType type);
/// The bit of a field of one flag; 0 for other fields.
std::int64_t flagOf(FilterField field);

} // namespace packetloom
