// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_filter.h"
#include "core/filter/time_window.h"
#include "core/input/csv/column_map.h"
#include "core/input/csv/number.h"
#include "core/model/packet.h"
#include "core/model/reject_reason.h"

#include <concepts>
#include <cstdint>
#include <string_view>

namespace packetloom {

/// What became of one row.
enum class RowFate : std::uint8_t { Kept, Filtered, Rejected };

/// What the numbers of a row say, before anybody looks at its addresses.
struct RowVerdict
{
    RowFate fate = RowFate::Kept;
    bool pastWindow = false;     ///< filtered, and its timestamp lies behind the end of the time window
    bool addressesFirst = false; ///< rejected, unless an address is broken or the address filter says no
    RejectReason reason{};
    std::string_view column{}; ///< when rejected for a value: the column's name
};

RejectReason timestampReason(Number::Kind kind);
/// The number of a protocol's name (docs/differences.md, 2); -1 for any other text.
std::int64_t protocolNumber(std::string_view text);

/// Fields that can read a whole row at once, where all its numbers are plain digits. False when they are
/// not: then the packet is as it was. `remainder` is as in a Number, that of the timestamp, and 0 at first.
template <class Fields>
concept ReadsPlainRows = requires(const Fields& fields, const ColumnMap& columns, Packet& packet,
                                  std::int8_t& remainder)
{
    {
        fields.plainNumbers(columns, packet, remainder)
        } -> std::same_as<bool>;
};

/// Makes the numbers of a row into a packet (docs/reading.md, 12 to 17 and 20), whose addresses are not
/// touched. `Fields` has number(i) and text(i), the i-th field as a Number and as text, and may be
/// ReadsPlainRows. `packet` is as it was made.
template <class Fields>
RowVerdict interpretRow(const Fields& fields, const ColumnMap& columns, const TimeWindow& window,
                        Packet& packet)
{
    if constexpr (ReadsPlainRows<Fields>) {
        std::int8_t remainder = 0;
        if (columns.complete() && fields.plainNumbers(columns, packet, remainder)) [[likely]] {
            const bool pastWindow = window.endsBefore(packet.timestamp, remainder);
            if (pastWindow || window.startsAfter(packet.timestamp, remainder))
                return {.fate = RowFate::Filtered, .pastWindow = pastWindow};
            return {};
        }
    }
    const Number timestamp = fields.number(columns.index(Column::Timestamp));
    if (!timestamp.usable()) [[unlikely]]
        return {.fate = RowFate::Rejected,
                .reason = timestampReason(timestamp.kind),
                .column = columnName(Column::Timestamp)};
    const bool pastWindow = window.endsBefore(timestamp.whole, timestamp.remainder);
    if (pastWindow || window.startsAfter(timestamp.whole, timestamp.remainder))
        return {.fate = RowFate::Filtered, .pastWindow = pastWindow};

    RowVerdict verdict;
    packet.timestamp = timestamp.whole;
    const auto number = [&](Column column) -> Number {
        if (!columns.has(column))
            return {.kind = Number::Kind::Missing};
        const Number value = fields.number(columns.index(column));
        if (value.kind == Number::Kind::OutOfRange) [[unlikely]]
            verdict = {.fate = RowFate::Rejected,
                       .addressesFirst = true,
                       .reason = RejectReason::NumberOutOfRange,
                       .column = columnName(column)};
        return value;
    };
    packet.sourcePort = number(Column::SourcePort).whole;
    packet.destinationPort = number(Column::DestinationPort).whole;
    packet.sequence = number(Column::Sequence).whole;
    packet.acknowledgment = number(Column::Acknowledgment).whole;
    packet.length = number(Column::Length).whole;
    const Number flags = number(Column::Flags);
    packet.flags.bits = flags.whole;
    packet.flags.origin = !columns.has(Column::Flags) ? TcpFlags::Origin::Column
                          : flags.usable()            ? TcpFlags::Origin::Value
                                                      : TcpFlags::Origin::Missing;
    const Number protocol = number(Column::Protocol);
    packet.hasProtocol = protocol.usable();
    packet.protocol = protocol.whole;
    if (protocol.kind == Number::Kind::Unreadable) {
        const auto named = protocolNumber(fields.text(columns.index(Column::Protocol)));
        packet.hasProtocol = named >= 0;
        packet.protocol = named >= 0 ? named : 0;
    }
    return verdict;
}

} // namespace packetloom
