// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/copy_rows.h"

#include <QStringList>
#include <QTableView>

class QJsonArray;
class QMenu;

namespace packetloom {

class CopyNote;

/// A table as all of the window's are: whole rows are selected, columns can be moved, hidden (context menu of
/// the header, where columns of one TableModel::GroupRole have a menu of their own) and are remembered under
/// `name`; Ctrl+C copies the selected rows as CSV with raw numbers. Copying many rows goes on beside
/// everything else, with a note over the table that can cancel it.
class TableView : public QTableView
{
    Q_OBJECT

public:
    explicit TableView(const QString& name, QWidget* parent = nullptr);

    /// After the model is set: what was remembered, else widths for the texts that `samples` holds, and of
    /// the columns those with the names in `first`, in that order; of none given all of them. Nothing is
    /// sorted.
    void restoreColumns(const QStringList& samples, const QStringList& first = {});
    void saveColumns() const;
    /// Of the model's columns, for machines.
    [[nodiscard]] QStringList columnNames() const;

signals:
    /// To add actions of the owner's to the context menu of a row.
    void contextMenuWanted(QMenu* menu, const QModelIndex& index);
    /// The same to that of a column's title.
    void headerMenuWanted(QMenu* menu, int column);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

    /// Of modelToCopy(): those that are selected.
    [[nodiscard]] virtual RowRuns rowsToCopy() const;
    [[nodiscard]] virtual QAbstractItemModel* modelToCopy() const { return model(); }

private:
    void copySelection();
    void applyColumns(const QJsonArray& columns);
    void headerMenu(const QPoint& position);

    QString settingsKey_;
    RowCopier* copier_;
    CopyNote* copying_;
};

} // namespace packetloom
