// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/group_table.h"
#include "ui/models/table_model.h"

namespace packetloom {

/// Groups, and whose they are: their addresses are numbers of that analysis.
struct ShownGroups
{
    std::shared_ptr<const Analysis> analysis;
    std::shared_ptr<const GroupTable> table; ///< never null
};

/// A table of groups. It sorts nothing itself: the owner runs sortedGroups() and calls setRows().
class GroupTableModel final : public SourceTableModel<ShownGroups>
{
    Q_OBJECT

public:
    enum Column : int {
        FirstKey,
        SecondKey,
        Service, ///< the name beside a port
        Flows,
        OverTime,
        Packets,
        Bytes,
        SentBytes,
        ReceivedBytes,
        Peers,
        Ports,
        Unanswered,
        UnansweredShare,
        FirstSeen,
        LastSeen,
        ColumnCount,
    };
    /// Of a cell of OverTime: its bars, a QList<double> from 0 to 1 of the highest one.
    static constexpr int SparkRole = Qt::UserRole + 3;

    explicit GroupTableModel(QObject* parent = nullptr);

    /// The number of a row's group in the table.
    [[nodiscard]] std::size_t groupAt(int row) const { return rows()[static_cast<std::size_t>(row)]; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    /// By what a column is sorted; nothing of those that are not.
    [[nodiscard]] static std::optional<GroupColumn> orderOf(int column);
    [[nodiscard]] static int columnOf(GroupColumn column);

signals:
    void sortRequested(packetloom::GroupColumn column, bool descending);

private:
    static std::span<const TableModel::Column> columns();
    [[nodiscard]] std::optional<GroupKey> keyOf(int column) const;
    [[nodiscard]] std::size_t rowsOf(const ShownGroups& groups) const override;
    [[nodiscard]] Cell cellOf(const ShownGroups& groups, std::size_t row, int column) const override;
};

} // namespace packetloom
