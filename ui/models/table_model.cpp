// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/table_model.h"

#include <QCoreApplication>
#include <algorithm>
#include <limits>
#include <numeric>

namespace packetloom {

TableModel::TableModel(std::span<const Column> columns, QObject* parent)
    : QAbstractTableModel(parent), columns_(columns)
{
}

int TableModel::rowCount(const QModelIndex& parent) const
{
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<int>::max());
    return parent.isValid() ? 0 : static_cast<int>(std::min(shownRows(), most));
}

int TableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QVariant TableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return shownCell(cell(row, index.column()));
    case RawRole:
        return rawCell(cell(row, index.column()));
    case Qt::ToolTipRole: {
        const QString tip = cellToolTip(cell(row, index.column()));
        return tip.isEmpty() ? QVariant() : QVariant(tip);
    }
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    default:
        return {};
    }
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const Column& column = columns_[static_cast<std::size_t>(section)];
    switch (role) {
    case Qt::DisplayRole:
        return translated(column.title);
    case NameRole:
        return QString::fromLatin1(column.name);
    case GroupRole:
        return column.group ? QVariant(translated(column.group)) : QVariant();
    case Qt::ToolTipRole:
        return plainToolTip(translated(column.tip));
    case Qt::TextAlignmentRole:
        return QVariant(int((column.number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    default:
        return {};
    }
}

QString TableModel::translated(const char* text) const
{
    return QCoreApplication::translate(metaObject()->className(), text);
}

void RowTableModel::exchange(const std::function<void()>& change)
{
    beginResetModel();
    change();
    rows_ = selectRows();
    endResetModel();
}

void RowTableModel::setRows(std::vector<std::uint32_t> rows)
{
    const std::size_t all = sourceRows();
    std::erase_if(rows, [all](std::uint32_t row) { return row >= all; });
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

Cell RowTableModel::cell(std::size_t row, int column) const
{
    return sourceCell(rows_[row], column);
}

void RowTableModel::selectAgain()
{
    if (sourceRows() > 0)
        setRows(selectRows());
}

void RowTableModel::sortByCells(int column, Qt::SortOrder order)
{
    sortColumn_ = column;
    sortOrder_ = order;
    selectAgain();
}

std::vector<std::uint32_t> RowTableModel::selectRows() const
{
    std::vector<std::uint32_t> rows(sourceRows());
    std::iota(rows.begin(), rows.end(), std::uint32_t{0});
    if (sortColumn_ < 0 || sortColumn_ >= columnCount())
        return rows;
    std::vector<Cell> keys;
    keys.reserve(rows.size());
    for (const std::uint32_t row : rows)
        keys.push_back(sourceCell(row, sortColumn_));
    std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        return sortOrder_ == Qt::AscendingOrder ? cellLess(keys[a], keys[b]) : cellLess(keys[b], keys[a]);
    });
    return rows;
}

} // namespace packetloom
