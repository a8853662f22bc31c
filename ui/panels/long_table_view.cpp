// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/long_table_view.h"

#include "ui/models/row_window_model.h"
#include "ui/panels/table_view.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QWheelEvent>
#include <algorithm>

namespace packetloom {
namespace {

/// Stripes that stay with their rows: by the number of the row, not by its place on the screen.
class StripedDelegate final : public QStyledItemDelegate
{
public:
    StripedDelegate(const RowWindowModel& window, QObject* parent)
        : QStyledItemDelegate(parent), window_(window)
    {
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if ((window_.top() + index.row()) % 2 == 1)
            option->backgroundBrush = option->palette.alternateBase();
    }

private:
    const RowWindowModel& window_;
};

/// Without this row if it is chosen, else with it.
RowRuns toggled(const RowRuns& runs, int row)
{
    RowRuns result;
    bool found = false;
    for (const auto& [first, last] : runs) {
        if (row < first || row > last) {
            result.emplace_back(first, last);
            continue;
        }
        found = true;
        if (first < row)
            result.emplace_back(first, row - 1);
        if (row < last)
            result.emplace_back(row + 1, last);
    }
    if (!found)
        result.emplace_back(row, row);
    return rowRuns(std::move(result));
}

} // namespace

class LongTableView::Table final : public TableView
{
public:
    Table(const QString& name, LongTableView& whole) : TableView(name, &whole), whole_(whole)
    {
        setSelectionMode(NoSelection); // it is LongTableView's
        setAlternatingRowColors(false);
        setAutoScroll(false);
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        horizontalHeader()->setSectionsClickable(false);
        horizontalHeader()->setSortIndicatorShown(false);
    }

protected:
    [[nodiscard]] RowRuns rowsToCopy() const override { return whole_.chosen_; }
    [[nodiscard]] QAbstractItemModel* modelToCopy() const override { return &whole_.model_; }

    void resizeEvent(QResizeEvent* event) override
    {
        TableView::resizeEvent(event);
        whole_.fit();
    }
    void keyPressEvent(QKeyEvent* event) override
    {
        if (!whole_.handleKey(event))
            TableView::keyPressEvent(event);
    }
    void wheelEvent(QWheelEvent* event) override
    {
        if (std::abs(event->angleDelta().x()) > std::abs(event->angleDelta().y()))
            TableView::wheelEvent(event);
        else
            QCoreApplication::sendEvent(whole_.bar_, event);
    }
    void mousePressEvent(QMouseEvent* event) override
    {
        const int row = rowAtPoint(event->position().toPoint());
        if (row < 0)
            return;
        setFocus();
        if (event->button() == Qt::LeftButton)
            whole_.choose(row, event->modifiers());
        else if (!isChosen(row)) // the menu is about what is chosen
            whole_.choose(row, Qt::NoModifier);
    }
    void mouseMoveEvent(QMouseEvent* event) override
    {
        if ((event->buttons() & Qt::LeftButton) == 0 || whole_.anchor_ < 0)
            return TableView::mouseMoveEvent(event);
        const int y = event->position().toPoint().y();
        if (y < 0)
            whole_.choose(whole_.topRow() - 1, Qt::ShiftModifier);
        else if (y >= whole_.visibleRows() * rowHeightOfAll())
            whole_.choose(whole_.topRow() + whole_.visibleRows(), Qt::ShiftModifier);
        else if (const int row = rowAtPoint(event->position().toPoint()); row >= 0)
            whole_.choose(row, Qt::ShiftModifier);
    }
    void mouseReleaseEvent(QMouseEvent*) override {}
    void mouseDoubleClickEvent(QMouseEvent* event) override
    {
        if (const int row = rowAtPoint(event->position().toPoint());
            row >= 0 && event->button() == Qt::LeftButton)
            emit whole_.rowActivated(row);
    }

private:
    [[nodiscard]] int rowAtPoint(const QPoint& point) const
    {
        const int row = rowAt(point.y());
        return row < 0 ? -1 : whole_.topRow() + row;
    }
    [[nodiscard]] int rowHeightOfAll() const { return verticalHeader()->defaultSectionSize(); }
    [[nodiscard]] bool isChosen(int row) const
    {
        return std::any_of(whole_.chosen_.begin(), whole_.chosen_.end(),
                           [row](const auto& run) { return run.first <= row && row <= run.second; });
    }

    LongTableView& whole_;
};

LongTableView::LongTableView(const QString& name, QAbstractItemModel& model, QWidget* parent)
    : QWidget(parent), model_(model), window_(new RowWindowModel(model, this))
{
    table_ = new Table(name, *this);
    table_->setModel(window_);
    table_->setItemDelegate(new StripedDelegate(*window_, table_));
    bar_ = new QScrollBar(Qt::Vertical);
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(table_, 1);
    layout->addWidget(bar_);
    setFocusProxy(table_);
    connect(bar_, &QScrollBar::valueChanged, this, [this] { fit(); });
    connect(window_, &QAbstractItemModel::modelReset, this, &LongTableView::rowsReplaced);
    connect(table_, &TableView::contextMenuWanted, this, [this](QMenu* menu, const QModelIndex& index) {
        emit rowMenuWanted(menu, window_->top() + index.row());
    });
}

TableView* LongTableView::table() const
{
    return table_;
}

int LongTableView::rowCount() const
{
    return model_.rowCount();
}

int LongTableView::visibleRows() const
{
    return std::max(table_->viewport()->height() / table_->verticalHeader()->defaultSectionSize(), 1);
}

int LongTableView::topRow() const
{
    return window_->top();
}

void LongTableView::scrollToRow(int top)
{
    bar_->setValue(top);
}

void LongTableView::fit()
{
    if (std::exchange(fitting_, true))
        return;
    const int visible = visibleRows();
    bar_->setRange(0, std::max(rowCount() - visible, 0));
    bar_->setPageStep(visible);
    bar_->setVisible(rowCount() > visible);
    window_->setWindow(bar_->value(), visible);
    showChosen();
    fitting_ = false;
}

// Other rows under the same numbers: nothing of them was chosen, and nobody looked at the middle of them.
void LongTableView::rowsReplaced()
{
    chosen_.clear();
    current_ = anchor_ = -1;
    bar_->setValue(0);
    fit();
}

void LongTableView::setCurrentRow(int row)
{
    choose(row, Qt::NoModifier);
}

void LongTableView::choose(int row, Qt::KeyboardModifiers modifiers)
{
    if (rowCount() == 0)
        return;
    row = std::clamp(row, 0, rowCount() - 1);
    if ((modifiers & Qt::ShiftModifier) != 0 && anchor_ >= 0) {
        chosen_ = {{std::min(anchor_, row), std::max(anchor_, row)}};
    } else {
        chosen_ = (modifiers & Qt::ControlModifier) != 0 ? toggled(chosen_, row) : RowRuns{{row, row}};
        anchor_ = row;
    }
    current_ = row;
    const int visible = visibleRows();
    if (row < topRow())
        scrollToRow(row);
    else if (row >= topRow() + visible)
        scrollToRow(row - visible + 1);
    showChosen();
}

void LongTableView::chooseAll()
{
    if (rowCount() == 0)
        return;
    chosen_ = {{0, rowCount() - 1}};
    anchor_ = 0;
    showChosen();
}

void LongTableView::showChosen()
{
    QItemSelection seen;
    const int top = topRow(), count = window_->rowCount();
    for (const auto& [first, last] : chosen_) {
        const int from = std::max(first - top, 0), to = std::min(last - top, count - 1);
        if (from <= to)
            seen.select(window_->index(from, 0), window_->index(to, window_->columnCount() - 1));
    }
    auto* const selection = table_->selectionModel();
    selection->select(seen, QItemSelectionModel::ClearAndSelect);
    const bool inside = current_ >= top && current_ < top + count;
    selection->setCurrentIndex(inside ? window_->index(current_ - top, 0) : QModelIndex(),
                               QItemSelectionModel::NoUpdate);
}

bool LongTableView::handleKey(QKeyEvent* event)
{
    if (event->matches(QKeySequence::SelectAll)) {
        chooseAll();
        return true;
    }
    const auto modifiers = event->modifiers() & Qt::ShiftModifier;
    const int page = std::max(visibleRows() - 1, 1), from = std::max(current_, 0);
    switch (event->key()) {
    case Qt::Key_Up:
        choose(from - 1, modifiers);
        return true;
    case Qt::Key_Down:
        choose(current_ + 1, modifiers);
        return true;
    case Qt::Key_PageUp:
        choose(from > page ? from - page : 0, modifiers);
        return true;
    case Qt::Key_PageDown:
        choose(from < rowCount() - page ? from + page : rowCount() - 1, modifiers);
        return true;
    case Qt::Key_Home:
        choose(0, modifiers);
        return true;
    case Qt::Key_End:
        choose(rowCount() - 1, modifiers);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (current_ >= 0)
            emit rowActivated(current_);
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right: {
        auto* const bar = table_->horizontalScrollBar();
        bar->setValue(bar->value() + (event->key() == Qt::Key_Left ? -1 : 1) * 5 * bar->singleStep());
        return true;
    }
    default:
        return false;
    }
}

} // namespace packetloom
