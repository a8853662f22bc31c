// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/address_table_model.h"

#include <algorithm>
#include <array>

namespace packetloom {

AddressTableModel::AddressTableModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> AddressTableModel::columns()
{
    static constexpr std::array<Column, addressColumnCount> texts{{
        {"address", QT_TR_NOOP("Address"), QT_TR_NOOP("Address of a sender or receiver of TCP packets")},
        {"packets", QT_TR_NOOP("Packets"), QT_TR_NOOP("TCP packets sent and received"), true},
        {"packets_sent", QT_TR_NOOP("Packets sent"), QT_TR_NOOP("TCP packets sent"), true},
        {"packets_received", QT_TR_NOOP("Packets received"), QT_TR_NOOP("TCP packets received"), true},
        {"bytes", QT_TR_NOOP("Bytes"), QT_TR_NOOP("Bytes sent and received; negative lengths count as 0"),
         true},
        {"bytes_sent", QT_TR_NOOP("Bytes sent"), QT_TR_NOOP("Bytes sent; negative lengths count as 0"), true},
        {"bytes_received", QT_TR_NOOP("Bytes received"),
         QT_TR_NOOP("Bytes received; negative lengths count as 0"), true},
        {"first_seen", QT_TR_NOOP("First seen"), QT_TR_NOOP("Time of its first TCP packet (UTC)")},
        {"last_seen", QT_TR_NOOP("Last seen"), QT_TR_NOOP("Time of its last TCP packet (UTC)")},
    }};
    return texts;
}

AddressId AddressTableModel::addressAt(int row) const
{
    return analysis()->addressStats.inOrder()[rows()[static_cast<std::size_t>(row)]];
}

int AddressTableModel::rowOf(AddressId address) const
{
    const auto found = std::find_if(rows().begin(), rows().end(), [&](std::uint32_t row) {
        return analysis()->addressStats.inOrder()[row] == address;
    });
    return found == rows().end() ? -1 : static_cast<int>(found - rows().begin());
}

void AddressTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0)
        emit sortCleared();
    else if (column < columnCount())
        emit sortRequested(static_cast<AddressColumn>(column), order == Qt::DescendingOrder);
}

std::size_t AddressTableModel::rowsOf(const CountedPackets& analysis) const
{
    return analysis.addressStats.inOrder().size();
}

Cell AddressTableModel::cellOf(const CountedPackets& analysis, std::size_t row, int column) const
{
    const AddressId address = analysis.addressStats.inOrder()[row];
    const AddressCounters& counters = analysis.addressStats.counters(address);
    switch (static_cast<AddressColumn>(column)) {
    case AddressColumn::Address:
        return HostileText{analysis.addresses.text(address)};
    case AddressColumn::Packets:
        return counters.sentPackets + counters.receivedPackets;
    case AddressColumn::SentPackets:
        return counters.sentPackets;
    case AddressColumn::ReceivedPackets:
        return counters.receivedPackets;
    case AddressColumn::Bytes:
        return totalBytes(counters);
    case AddressColumn::SentBytes:
        return counters.sentBytes;
    case AddressColumn::ReceivedBytes:
        return counters.receivedBytes;
    case AddressColumn::FirstSeen:
        return Instant{counters.firstTimestamp};
    case AddressColumn::LastSeen:
        return Instant{counters.lastTimestamp};
    }
    return {};
}

} // namespace packetloom
