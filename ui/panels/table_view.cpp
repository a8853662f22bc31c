// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/table_view.h"

#include "ui/models/table_model.h"
#include "ui/panels/copy_note.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QMenu>
#include <QSettings>
#include <algorithm>

namespace packetloom {

TableView::TableView(const QString& name, QWidget* parent)
    : QTableView(parent),
      settingsKey_(QStringLiteral("columns/") + name),
      copier_(new RowCopier(this)),
      copying_(new CopyNote(*copier_, this))
{
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    // One height for all: asking a million rows for theirs is not an option.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QWidget::customContextMenuRequested, this, &TableView::headerMenu);
}

void TableView::restoreColumns(const QStringList& samples, const QStringList& first)
{
    auto* const header = horizontalHeader();
    for (int i = 0; i < header->count(); ++i) {
        const auto title = model()->headerData(i, Qt::Horizontal).toString();
        const int wide = std::max(fontMetrics().horizontalAdvance(samples.value(i)),
                                  fontMetrics().horizontalAdvance(title) + 20);
        header->resizeSection(i, wide + 16);
    }
    const auto names = columnNames();
    for (int i = 0; i < first.size(); ++i)
        header->moveSection(header->visualIndex(static_cast<int>(names.indexOf(first[i]))), i);
    for (int i = 0; i < names.size(); ++i)
        setColumnHidden(i, !first.isEmpty() && !first.contains(names[i]));
    const auto saved = QSettings().value(settingsKey_).toByteArray();
    if (const auto document = QJsonDocument::fromJson(saved); document.isArray())
        applyColumns(document.array());
    else if (!saved.isEmpty()) // earlier versions: the header's own bytes
        header->restoreState(saved);
    // Its rows are not sorted, whatever the header's own bytes say.
    header->setSortIndicator(-1, Qt::AscendingOrder);
}

// By name and as they stand: a column that comes, goes or moves in the model leaves the others as they were.
void TableView::saveColumns() const
{
    const auto* const header = horizontalHeader();
    const auto names = columnNames();
    QJsonArray columns;
    for (int visual = 0; visual < header->count(); ++visual) {
        const int logical = header->logicalIndex(visual);
        QJsonObject column{{QStringLiteral("name"), names.at(logical)}};
        if (isColumnHidden(logical))
            column[QStringLiteral("hidden")] = true;
        else
            column[QStringLiteral("width")] = header->sectionSize(logical);
        columns.append(column);
    }
    QSettings().setValue(settingsKey_, QJsonDocument(columns).toJson(QJsonDocument::Compact));
}

void TableView::applyColumns(const QJsonArray& columns)
{
    auto* const header = horizontalHeader();
    const auto names = columnNames();
    int visual = 0;
    for (const auto& value : columns) {
        const auto column = value.toObject();
        const auto logical = static_cast<int>(names.indexOf(column.value(QStringLiteral("name")).toString()));
        if (logical < 0)
            continue;
        header->moveSection(header->visualIndex(logical), visual++);
        setColumnHidden(logical, column.value(QStringLiteral("hidden")).toBool());
        if (const int width = column.value(QStringLiteral("width")).toInt(); width > 0)
            header->resizeSection(logical, width);
    }
    // A table without columns has no header to bring them back with.
    if (header->count() > 0 && header->hiddenSectionCount() == header->count())
        setColumnHidden(header->logicalIndex(0), false);
}

QStringList TableView::columnNames() const
{
    QStringList names;
    for (int i = 0; i < model()->columnCount(); ++i)
        names << model()->headerData(i, Qt::Horizontal, TableModel::NameRole).toString();
    return names;
}

void TableView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copySelection();
    else
        QTableView::keyPressEvent(event);
}

RowRuns TableView::rowsToCopy() const
{
    std::vector<std::pair<int, int>> runs;
    if (selectionModel()) {
        for (const QItemSelectionRange& range : selectionModel()->selection())
            runs.emplace_back(range.top(), range.bottom());
    }
    return rowRuns(std::move(runs));
}

void TableView::copySelection()
{
    auto rows = rowsToCopy();
    if (rows.empty() || copier_->running())
        return;
    QList<int> columns;
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        const int logical = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(logical))
            columns << logical;
    }
    copier_->start(*modelToCopy(), std::move(rows), columns);
}

void TableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    copying_->place();
}

void TableView::contextMenuEvent(QContextMenuEvent* event)
{
    const auto index = indexAt(event->pos());
    QMenu menu(this);
    if (index.isValid())
        emit contextMenuWanted(&menu, index);
    menu.addSeparator();
    auto* const copy = menu.addAction(tr("Copy rows"), this, &TableView::copySelection);
    copy->setShortcut(QKeySequence::Copy);
    copy->setEnabled(!rowsToCopy().empty() && !copier_->running());
    menu.exec(event->globalPos());
}

void TableView::headerMenu(const QPoint& position)
{
    auto* const header = horizontalHeader();
    QMenu menu(this);
    if (const int column = header->logicalIndexAt(position); column >= 0)
        emit headerMenuWanted(&menu, column);
    if (!menu.isEmpty())
        menu.addSeparator();
    QMap<QString, QMenu*> groups;
    for (int i = 0; i < header->count(); ++i) {
        QMenu* among = &menu;
        if (const auto name = model()->headerData(i, Qt::Horizontal, TableModel::GroupRole).toString();
            !name.isEmpty()) {
            auto& group = groups[name];
            if (!group)
                group = menu.addMenu(name);
            among = group;
        }
        auto* const action = among->addAction(model()->headerData(i, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(i));
        // The last one stays: a table without columns has no header to bring them back with.
        action->setEnabled(isColumnHidden(i) || header->count() - header->hiddenSectionCount() > 1);
        connect(action, &QAction::toggled, this, [this, i](bool shown) { setColumnHidden(i, !shown); });
    }
    menu.exec(header->mapToGlobal(position));
}

} // namespace packetloom
