// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QAbstractTableModel>
#include <QPointer>

namespace packetloom {

/// A few rows in a row of another table, those that fit on the screen: Qt's views keep something for every
/// row of their model, which tens of millions are too many for. Does not sort.
class RowWindowModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// `source` must outlive it. Its columns stay as they are.
    explicit RowWindowModel(QAbstractItemModel& source, QObject* parent = nullptr);

    [[nodiscard]] QAbstractItemModel& source() const { return source_; }
    /// Up to `rows` rows from `top` on.
    void setWindow(int top, int rows);
    [[nodiscard]] int top() const { return top_; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    QAbstractItemModel& source_;
    int top_ = 0, rows_ = 0; ///< of the source's rows, which it has
};

} // namespace packetloom
