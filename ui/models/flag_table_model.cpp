// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/flag_table_model.h"

#include <array>

namespace packetloom {

FlagTableModel::FlagTableModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> FlagTableModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"flags", QT_TR_NOOP("Flags"), QT_TR_NOOP("TCP flags that the packets have set")},
        {"packets", QT_TR_NOOP("Packets"), QT_TR_NOOP("TCP packets with exactly these flags"), true},
        {"share", QT_TR_NOOP("Share"), QT_TR_NOOP("Share of all TCP packets"), true},
    }};
    return texts;
}

void FlagTableModel::sort(int column, Qt::SortOrder order)
{
    sortByCells(column, order);
}

std::size_t FlagTableModel::rowsOf(const CountedPackets& analysis) const
{
    return analysis.flags.counts().size();
}

Cell FlagTableModel::cellOf(const CountedPackets& analysis, std::size_t row, int column) const
{
    const FlagStats::Count& count = analysis.flags.counts()[row];
    switch (column) {
    case Type:
        return HostileText{count.name};
    case Packets:
        return count.packets;
    case PacketShare:
        return Share{count.packets, analysis.totals.tcpPackets};
    default:
        return {};
    }
}

} // namespace packetloom
