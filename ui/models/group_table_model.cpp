// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/group_table_model.h"

#include "core/model/service_name.h"
#include "ui/models/group_words.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

// By column; none of what only looks at another one.
constexpr std::array<std::optional<GroupColumn>, GroupTableModel::ColumnCount> orders{
    GroupColumn::First,           GroupColumn::Second,    std::nullopt,
    GroupColumn::Flows,           std::nullopt,           GroupColumn::Packets,
    GroupColumn::Bytes,           GroupColumn::SentBytes, GroupColumn::ReceivedBytes,
    GroupColumn::Peers,           GroupColumn::Ports,     GroupColumn::Unanswered,
    GroupColumn::UnansweredShare, GroupColumn::FirstSeen, GroupColumn::LastSeen};

} // namespace

GroupTableModel::GroupTableModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> GroupTableModel::columns()
{
    static constexpr std::array<TableModel::Column, ColumnCount> texts{{
        {"group", QT_TR_NOOP("Group"), QT_TR_NOOP("What the group has in common")},
        {"second_group", QT_TR_NOOP("Then by"), QT_TR_NOOP("What the group has in common, too")},
        {"service", QT_TR_NOOP("Service"), QT_TR_NOOP("What usually listens on the port")},
        {"flows", QT_TR_NOOP("Flows"), QT_TR_NOOP("Flows that are in the group"), true},
        {"over_time", QT_TR_NOOP("Over time"),
         QT_TR_NOOP(
             "When the flows began, from the first time of all groups to the last; each line has its own "
             "scale")},
        {"packets", QT_TR_NOOP("Packets"), QT_TR_NOOP("Packets of the group, both ways"), true},
        {"bytes", QT_TR_NOOP("Bytes"), QT_TR_NOOP("Sum of the packets' lengths, both ways"), true},
        {"bytes_sent", QT_TR_NOOP("Sent"), QT_TR_NOOP("Bytes that the sources of the flows sent"), true},
        {"bytes_received", QT_TR_NOOP("Received"),
         QT_TR_NOOP("Bytes that the destinations of the flows sent back"), true},
        {"peers", QT_TR_NOOP("Peers"),
         QT_TR_NOOP(
             "Different addresses at the other end than the group's; where it is not of an end, at either "
             "end"),
         true},
        {"ports", QT_TR_NOOP("Ports"), QT_TR_NOOP("Different ports of the destinations"), true},
        {"unanswered", QT_TR_NOOP("Unanswered"),
         QT_TR_NOOP("Flows in which the destination sent nothing at all, not even a reset"), true},
        {"unanswered_share", QT_TR_NOOP("Share"), QT_TR_NOOP("Share of the flows that was not answered"),
         true},
        {"first", QT_TR_NOOP("First"), QT_TR_NOOP("Time of the first packet (UTC)")},
        {"last", QT_TR_NOOP("Last"), QT_TR_NOOP("Time of the last packet (UTC)")},
    }};
    return texts;
}

std::optional<GroupColumn> GroupTableModel::orderOf(int column)
{
    return column >= 0 && column < ColumnCount ? orders[static_cast<std::size_t>(column)] : std::nullopt;
}

int GroupTableModel::columnOf(GroupColumn column)
{
    return static_cast<int>(std::find(orders.begin(), orders.end(), std::optional(column)) - orders.begin());
}

std::optional<GroupKey> GroupTableModel::keyOf(int column) const
{
    const auto level = static_cast<std::size_t>(column);
    if ((column != FirstKey && column != SecondKey) || !analysis() || level >= analysis()->table->levels())
        return std::nullopt;
    return analysis()->table->key(level);
}

QVariant GroupTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (const auto key = orientation == Qt::Horizontal ? keyOf(section) : std::nullopt) {
        if (role == Qt::DisplayRole)
            return groupKeyTitle(*key);
        if (role == Qt::ToolTipRole)
            return plainToolTip(groupKeyTip(*key));
        if (role == Qt::TextAlignmentRole && isPort(*key))
            return QVariant(int(Qt::AlignRight | Qt::AlignVCenter));
    }
    return SourceTableModel::headerData(section, orientation, role);
}

QVariant GroupTableModel::data(const QModelIndex& index, int role) const
{
    if (role != SparkRole || !checkIndex(index, CheckIndexOption::IndexIsValid) || index.column() != OverTime)
        return SourceTableModel::data(index, role);
    const auto bars = analysis()->table->sparkline(groupAt(index.row()));
    const auto highest = std::max<std::uint64_t>(*std::max_element(bars.begin(), bars.end()), 1);
    QList<double> heights;
    for (const auto bar : bars)
        heights << static_cast<double>(bar) / static_cast<double>(highest);
    return QVariant::fromValue(heights);
}

void GroupTableModel::sort(int column, Qt::SortOrder order)
{
    // The name goes with the port, and what is over time with its beginning.
    const int sorted = column == OverTime ? int{FirstSeen} : column == Service ? int{FirstKey} : column;
    if (const auto by = orderOf(sorted))
        emit sortRequested(*by, order == Qt::DescendingOrder);
}

std::size_t GroupTableModel::rowsOf(const ShownGroups& groups) const
{
    return groups.table->size();
}

Cell GroupTableModel::cellOf(const ShownGroups& groups, std::size_t row, int column) const
{
    const GroupTable& table = *groups.table;
    const Group& group = table[row];
    switch (static_cast<Column>(column)) {
    case FirstKey:
        return groupValueCell(table.value(0, row), groups.analysis->addresses);
    case SecondKey:
        return table.levels() > 1 ? groupValueCell(table.value(1, row), groups.analysis->addresses) : Cell();
    case Service:
        for (std::size_t level = 0; level < table.levels(); ++level) {
            if (isPort(table.key(level)))
                return HostileText{serviceName(table.value(level, row).number)};
        }
        return {};
    case Flows:
        return std::uint64_t{group.flows};
    case Packets:
        return group.packets;
    case Bytes:
        return group.bytes;
    case SentBytes:
        return group.sentBytes;
    case ReceivedBytes:
        return group.receivedBytes;
    case Peers:
        return std::uint64_t{group.peers};
    case Ports:
        return std::uint64_t{group.ports};
    case Unanswered:
        return table.directionsKnown() ? Cell(std::uint64_t{group.unanswered}) : Cell();
    case UnansweredShare:
        return table.directionsKnown() ? Cell(Share{group.unanswered, group.flows}) : Cell();
    case FirstSeen:
        return Instant{group.first};
    case LastSeen:
        return Instant{group.last};
    case OverTime: {
        QStringList numbers;
        for (const auto bar : table.sparkline(row))
            numbers << QString::number(bar);
        return Words{{}, numbers.join(QLatin1Char(' ')), {}};
    }
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace packetloom
