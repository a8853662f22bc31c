// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/pair_table_model.h"

#include <array>

namespace packetloom {

PairTableModel::PairTableModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> PairTableModel::columns()
{
    static constexpr std::array<Column, pairColumnCount> texts{{
        {"address_a", QT_TR_NOOP("Address A"), QT_TR_NOOP("Who sent the first packet between the two")},
        {"address_b", QT_TR_NOOP("Address B"), QT_TR_NOOP("The other address")},
        {"packets", QT_TR_NOOP("Packets"), QT_TR_NOOP("TCP packets both ways"), true},
        {"packets_a_to_b", QT_TR_NOOP("Packets A to B"),
         QT_TR_NOOP("TCP packets that address A sent to address B"), true},
        {"packets_b_to_a", QT_TR_NOOP("Packets B to A"),
         QT_TR_NOOP("TCP packets that address B sent to address A"), true},
        {"bytes", QT_TR_NOOP("Bytes"), QT_TR_NOOP("Bytes both ways; negative lengths count as 0"), true},
        {"bytes_a_to_b", QT_TR_NOOP("Bytes A to B"), QT_TR_NOOP("Bytes that address A sent to address B"),
         true},
        {"bytes_b_to_a", QT_TR_NOOP("Bytes B to A"), QT_TR_NOOP("Bytes that address B sent to address A"),
         true},
        {"first_seen", QT_TR_NOOP("First seen"),
         QT_TR_NOOP("Time of the first TCP packet between them (UTC)")},
        {"last_seen", QT_TR_NOOP("Last seen"), QT_TR_NOOP("Time of the last TCP packet between them (UTC)")},
    }};
    return texts;
}

AddressPair PairTableModel::pairAt(int row) const
{
    return analysis()->pairs.pairs()[rows()[static_cast<std::size_t>(row)]];
}

void PairTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0)
        emit sortCleared();
    else if (column < columnCount())
        emit sortRequested(static_cast<PairColumn>(column), order == Qt::DescendingOrder);
}

std::size_t PairTableModel::rowsOf(const CountedPackets& analysis) const
{
    return analysis.pairs.pairs().size();
}

Cell PairTableModel::cellOf(const CountedPackets& analysis, std::size_t row, int column) const
{
    const AddressPair& pair = analysis.pairs.pairs()[row];
    switch (static_cast<PairColumn>(column)) {
    case PairColumn::A:
        return HostileText{analysis.addresses.text(pair.a)};
    case PairColumn::B:
        return HostileText{analysis.addresses.text(pair.b)};
    case PairColumn::Packets:
        return pair.packetsFromA + pair.packetsFromB;
    case PairColumn::PacketsFromA:
        return pair.packetsFromA;
    case PairColumn::PacketsFromB:
        return pair.packetsFromB;
    case PairColumn::Bytes:
        return totalBytes(pair);
    case PairColumn::BytesFromA:
        return pair.bytesFromA;
    case PairColumn::BytesFromB:
        return pair.bytesFromB;
    case PairColumn::FirstSeen:
        return Instant{pair.firstTimestamp};
    case PairColumn::LastSeen:
        return Instant{pair.lastTimestamp};
    }
    return {};
}

} // namespace packetloom
