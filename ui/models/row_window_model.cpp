// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/row_window_model.h"

#include <algorithm>

namespace packetloom {

RowWindowModel::RowWindowModel(QAbstractItemModel& source, QObject* parent)
    : QAbstractTableModel(parent), source_(source)
{
    connect(&source, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(&source, &QAbstractItemModel::modelReset, this, [this] {
        top_ = rows_ = 0; // who shows it says what fits
        endResetModel();
    });
    connect(&source, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last) {
                const int from = std::max(first.row() - top_, 0), to = std::min(last.row() - top_, rows_ - 1);
                if (from <= to)
                    emit dataChanged(index(from, first.column()), index(to, last.column()));
            });
}

void RowWindowModel::setWindow(int top, int rows)
{
    const int all = source_.rowCount();
    top = std::clamp(top, 0, std::max(all - 1, 0));
    rows = std::clamp(rows, 0, all - top);
    const int before = rows_;
    if (top != top_) {
        top_ = top;
        const int both = std::min(rows, before);
        if (both > 0)
            emit dataChanged(index(0, 0), index(both - 1, columnCount() - 1));
    }
    if (rows > before) {
        beginInsertRows({}, before, rows - 1);
        rows_ = rows;
        endInsertRows();
    } else if (rows < before) {
        beginRemoveRows({}, rows, before - 1);
        rows_ = rows;
        endRemoveRows();
    }
}

int RowWindowModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : rows_;
}

int RowWindowModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : source_.columnCount();
}

QVariant RowWindowModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    return source_.index(top_ + index.row(), index.column()).data(role);
}

QVariant RowWindowModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return orientation == Qt::Horizontal ? source_.headerData(section, orientation, role) : QVariant();
}

} // namespace packetloom
