// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/copy_rows.h"

#include <QMenu>
#include <QWidget>

class QAbstractItemModel;
class QKeyEvent;
class QScrollBar;

namespace packetloom {

class RowWindowModel;
class TableView;

/// A table of any number of rows: the view beneath has the rows on the screen and no others (RowWindowModel);
/// which rows are chosen and what is scrolled to is kept here, in numbers of the whole table's rows. Keys and
/// mouse do what they do in other tables. It does not sort.
class LongTableView final : public QWidget
{
    Q_OBJECT

public:
    /// `model` must outlive it. `name`: as of a TableView.
    LongTableView(const QString& name, QAbstractItemModel& model, QWidget* parent = nullptr);

    [[nodiscard]] TableView* table() const;
    /// The row that keys go on from; -1 for none.
    [[nodiscard]] int currentRow() const { return current_; }
    /// Chooses this row alone, and scrolls to it where it cannot be seen.
    void setCurrentRow(int row);
    /// As with Shift: all from the one that was chosen last to this one.
    void chooseTo(int row) { choose(row, Qt::ShiftModifier); }
    [[nodiscard]] int topRow() const;
    void scrollToRow(int top);
    [[nodiscard]] int visibleRows() const;
    [[nodiscard]] const RowRuns& chosenRows() const { return chosen_; }

signals:
    /// Enter, or a double click.
    void rowActivated(int row);
    /// To add actions of the owner's to the context menu of a row.
    void rowMenuWanted(QMenu* menu, int row);

private:
    class Table;
    friend class Table;

    void fit();
    void choose(int row, Qt::KeyboardModifiers modifiers);
    void chooseAll();
    bool handleKey(QKeyEvent* event);
    /// The view's selection is the part of the chosen rows that can be seen.
    void showChosen();
    void rowsReplaced();
    [[nodiscard]] int rowCount() const;

    QAbstractItemModel& model_;
    RowWindowModel* window_;
    Table* table_;
    QScrollBar* bar_;
    RowRuns chosen_;
    int current_ = -1;
    int anchor_ = -1; ///< where a run that Shift extends begins
    bool fitting_ = false;
};

} // namespace packetloom
