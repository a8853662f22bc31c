// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/cell_digits.h"
#include "core/input/csv/cell_text.h"
#include "core/input/csv/row_interpreter.h"
#include "core/input/csv/table_layout.h"
#include "core/input/csv/time_text.h"
#include "core/model/packet.h"
#include "core/model/packet_batch.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace packetloom {

/// The fields of a row of any table as if it were the reference's: field i is Column i (TableLayout::
/// translated()), its value what the layout makes of the cells. `Cells` has text(i) and address(text,
/// fields).
template <class Cells>
class TranslatedFields
{
public:
    /// `layout` must outlive it.
    TranslatedFields(const Cells& cells, const TableLayout& layout) : cells_(cells), layout_(layout) {}

    [[nodiscard]] Number number(std::size_t field) const
    {
        switch (const auto column = static_cast<Column>(field)) {
        case Column::Timestamp:
            return layout_.unit == TimeUnit::Text
                       ? parseDateTime(cell(column))
                       : parseEpochTime(cell(column), layout_.unit, layout_.timeBase);
        case Column::Flags:
            return orInfo(parseFlags(flagsCell()), &InfoText::flags);
        case Column::Sequence:
            return orInfo(plainNumber(column), &InfoText::sequence);
        case Column::Acknowledgment:
            return orInfo(plainNumber(column), &InfoText::acknowledgment);
        case Column::Length:
            return orInfo(plainNumber(column), &InfoText::length);
        case Column::SourcePort:
            return orPort(plainNumber(column), &InfoText::sourcePort);
        case Column::DestinationPort:
            return orPort(plainNumber(column), &InfoText::destinationPort);
        case Column::Protocol:
            return protocol();
        case Column::SourceAddress:
        case Column::DestinationAddress:
            break;
        }
        return {};
    }
    /// Nearly every row, in one go. `Cells` that can do it own what digitsOf() needs.
    [[nodiscard]] bool plainNumbers(const ColumnMap& /*columns*/, Packet& packet,
                                    std::int8_t& remainder) const requires ReadsPlainRows<Cells>
    {
        if (layout_.timeBase != 0)
            return false;
        std::uint64_t foreign = 0;
        // A missing number is 0, where Info does not tell it.
        const auto value = [&](Column column, auto InfoText::*member) {
            const std::string_view text = cell(column);
            if (text.empty())
                return layout_.info ? valueOf(info().*member) : std::int64_t{0};
            return digitsOfCell(text, foreign);
        };
        const std::int64_t timestamp =
            digitsOfTime(cell(Column::Timestamp), layout_.unit, foreign, remainder);
        const std::int64_t sourcePort = value(Column::SourcePort, &InfoText::sourcePort);
        const std::int64_t destinationPort = value(Column::DestinationPort, &InfoText::destinationPort);
        const std::int64_t sequence = value(Column::Sequence, &InfoText::sequence);
        const std::int64_t acknowledgment = value(Column::Acknowledgment, &InfoText::acknowledgment);
        const std::int64_t length = value(Column::Length, &InfoText::length);
        const std::string_view flagsText = cell(Column::Flags);
        const std::int64_t protocol = digitsOfProtocol(protocolText(), foreign);
        const bool ofInfo = flagsText.empty() && layout_.info;
        const std::int64_t flags = ofInfo ? valueOf(info().flags) : digitsOfFlags(flagsText, foreign);
        if (foreign != 0) [[unlikely]] {
            remainder = 0;
            return false;
        }
        packet.timestamp = timestamp;
        packet.sourcePort = sourcePort;
        packet.destinationPort = destinationPort;
        packet.sequence = sequence;
        packet.acknowledgment = acknowledgment;
        packet.length = length;
        packet.protocol = protocol;
        packet.hasProtocol = true;
        packet.flags.bits = flags;
        const bool flagged = ofInfo ? info().flags.has_value() : !flagsText.empty();
        packet.flags.origin = flagged ? TcpFlags::Origin::Value : TcpFlags::Origin::Missing;
        return true;
    }
    [[nodiscard]] std::string_view text(std::size_t field) const { return cell(static_cast<Column>(field)); }
    std::uint32_t address(std::size_t field, AddressFields& fields) const
    {
        return cells_.address(addressText(field), fields);
    }
    [[nodiscard]] std::string_view addressText(std::size_t field) const
    {
        return oneOf(cell(static_cast<Column>(field)), layout_.tunnels);
    }

private:
    static std::int64_t valueOf(std::int64_t value) { return value; }
    static std::int64_t valueOf(const std::optional<std::int64_t>& value) { return value.value_or(0); }
    /// What tells the protocol, in words that digitsOfProtocol() knows.
    [[nodiscard]] std::string_view protocolText() const
    {
        if (const std::string_view text = cell(Column::Protocol); !text.empty() || layout_.info)
            return text;
        return filled(layout_.tcpFields) ? "TCP" : filled(layout_.udpFields) ? "UDP" : std::string_view();
    }
    [[nodiscard]] bool filled(const std::vector<std::size_t>& fields) const
    {
        return std::any_of(fields.begin(), fields.end(),
                           [&](std::size_t field) { return !cells_.text(field).empty(); });
    }
    /// The first cell of the column that is filled; else an empty one.
    [[nodiscard]] std::string_view cell(Column column) const
    {
        for (const auto field : layout_.of(column)) {
            const std::string_view text = cells_.text(field);
            if (!text.empty())
                return text;
        }
        return {};
    }
    [[nodiscard]] Number plainNumber(Column column) const
    {
        const std::string_view text = cell(column);
        // Plain digits need no care.
        const Number number = parseNumber(text);
        return number.kind != Number::Kind::Unreadable ? number
                                                       : parseAnyNumber(oneOf(text, layout_.tunnels));
    }
    // Names have commas between them ("SYN, ACK"), several values, too ("0x0002,0x0010").
    [[nodiscard]] std::string_view flagsCell() const
    {
        const std::string_view text = cell(Column::Flags);
        return text.starts_with("0x") ? oneOf(text, layout_.tunnels) : text;
    }
    [[nodiscard]] const InfoText& info() const
    {
        if (!info_)
            info_ = layout_.info ? parseInfo(cells_.text(*layout_.info)) : InfoText();
        return *info_;
    }
    [[nodiscard]] Number orInfo(Number number, std::optional<std::int64_t> InfoText::*member) const
    {
        if (number.usable() || !layout_.info || !(info().*member))
            return number;
        return {*(info().*member), Number::Kind::Integer, 0};
    }
    [[nodiscard]] Number orPort(Number number, std::int64_t InfoText::*member) const
    {
        if (number.usable() || !layout_.info || info().protocol < 0)
            return number;
        return {info().*member, Number::Kind::Integer, 0};
    }
    [[nodiscard]] Number protocol() const
    {
        const auto whole = [](std::int64_t value) { return Number{value, Number::Kind::Integer, 0}; };
        const std::string_view text = cell(Column::Protocol);
        const Number number = plainNumber(Column::Protocol);
        if (number.usable() || number.kind == Number::Kind::OutOfRange)
            return number;
        if (const auto named = protocolByName(oneOf(text, layout_.tunnels)))
            return whole(*named);
        if (layout_.info && info().protocol >= 0)
            return whole(info().protocol);
        if (filled(layout_.tcpFields))
            return whole(protocolTcp);
        if (filled(layout_.udpFields))
            return whole(protocolUdp);
        return {.kind = Number::Kind::Missing};
    }

    const Cells cells_;
    const TableLayout& layout_;
    mutable std::optional<InfoText> info_; ///< once asked for
};

} // namespace packetloom
