// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/preview_row_model.h"

#include "ui/models/words.h"

#include <array>

namespace packetloom {

PreviewRowModel::PreviewRowModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> PreviewRowModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"file", QT_TR_NOOP("File"), QT_TR_NOOP("The file that holds the row")},
        {"line", QT_TR_NOOP("Line or packet"),
         QT_TR_NOOP("Line of the file in which the row begins; of a packet capture the number of the packet"),
         true},
        {"time", QT_TR_NOOP("Time"), QT_TR_NOOP("Time of the packet (UTC)")},
        {"source", QT_TR_NOOP("Source"), QT_TR_NOOP("Address of the sender")},
        {"source_port", QT_TR_NOOP("Source port"), QT_TR_NOOP("Port of the sender"), true},
        {"destination", QT_TR_NOOP("Destination"), QT_TR_NOOP("Address of the receiver")},
        {"destination_port", QT_TR_NOOP("Destination port"), QT_TR_NOOP("Port of the receiver"), true},
        {"flags", QT_TR_NOOP("Flags"), QT_TR_NOOP("TCP flags that are set")},
        {"sequence", QT_TR_NOOP("Sequence"), QT_TR_NOOP("TCP sequence number"), true},
        {"acknowledgment", QT_TR_NOOP("Acknowledgment"), QT_TR_NOOP("TCP acknowledgment number"), true},
        {"length", QT_TR_NOOP("Length"), QT_TR_NOOP("Length of the packet in bytes"), true},
        {"protocol", QT_TR_NOOP("Protocol"), QT_TR_NOOP("IP protocol: its name, or its IANA number")},
    }};
    return texts;
}

void PreviewRowModel::sort(int column, Qt::SortOrder order)
{
    sortByCells(column, order);
}

std::size_t PreviewRowModel::rowsOf(const CountedPackets& analysis) const
{
    return analysis.firstRows.size();
}

void PreviewRowModel::prepare(const CountedPackets& analysis)
{
    names_ = InputNames(analysis.inputs);
}

Cell PreviewRowModel::cellOf(const CountedPackets& analysis, std::size_t row, int column) const
{
    const PreviewRow& preview = analysis.firstRows[row];
    const Packet& packet = preview.packet;
    switch (column) {
    case File:
        return names_.cell(preview.input);
    case Line:
        return preview.line;
    case Time:
        return Instant{packet.timestamp};
    case Source:
        return HostileText{analysis.addresses.text(packet.source)};
    case SourcePort:
        return Identifier{packet.sourcePort};
    case Destination:
        return HostileText{analysis.addresses.text(packet.destination)};
    case DestinationPort:
        return Identifier{packet.destinationPort};
    case Flags:
        return flagsCell(packet.flags);
    case Sequence:
        return packet.sequence;
    case Acknowledgment:
        return packet.acknowledgment;
    case Length:
        return packet.length;
    case Protocol:
        return protocolCell(packet);
    default:
        return {};
    }
}

} // namespace packetloom
