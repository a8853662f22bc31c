// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What can be done with the captures in the list.

#include "ui/input_cures.h"
#include "ui/panels/capture_list.h"
#include "ui/panels/capture_roles.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QKeyEvent>
#include <QMenu>
#include <QUrl>
#include <algorithm>

namespace packetloom {

using namespace capturelist;

void CaptureList::sortByTime()
{
    std::vector<QListWidgetItem*> items;
    while (count() > 0)
        items.push_back(takeItem(0));
    std::stable_sort(items.begin(), items.end(), [](const auto* a, const auto* b) {
        const QVariant first = a->data(TimeRole), second = b->data(TimeRole);
        if (!first.isValid() || !second.isValid())
            return first.isValid() && !second.isValid();
        return first.toLongLong() < second.toLongLong();
    });
    for (auto* const item : items)
        addItem(item);
    emit changed();
}

std::vector<std::filesystem::path> CaptureList::selectedFiles() const
{
    std::vector<std::filesystem::path> files;
    for (const auto* const item : selectedItems())
        files.push_back(pathOf(item));
    return files;
}

void CaptureList::contextMenuEvent(QContextMenuEvent* event)
{
    const auto selected = selectedItems();
    QMenu menu(this);
    auto* const remove = menu.addAction(tr("Remove from the list"), this, &CaptureList::removeSelected);
    remove->setShortcut(QKeySequence::Delete);
    auto* const folder = menu.addAction(tr("Show in folder"), this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(textOf(pathOf(currentItem()).parent_path())));
    });
    auto* const copy = menu.addAction(tr("Copy path"), this, [selected] {
        QStringList paths;
        for (const auto* const item : selected)
            paths << item->data(PathRole).toString();
        QApplication::clipboard()->setText(paths.join(QLatin1Char('\n')));
    });
    for (auto* const action : {remove, copy})
        action->setEnabled(!selected.isEmpty());
    folder->setEnabled(selected.size() == 1 && currentItem());
    auto* const mapping =
        menu.addAction(tr("Columns…"), this, [this] { emit mappingWanted(pathOf(currentItem())); });
    mapping->setToolTip(tr("Say how the table is to be read"));
    const auto known = currentItem() ? facts(pathOf(currentItem())) : nullptr;
    mapping->setEnabled(selected.size() == 1 && known && known->table);
    if (mapping->isEnabled()) {
        const auto path = pathOf(currentItem());
        for (const auto& cure : savedCures(spec(path), header(path)))
            menu.addAction(cure.label, this, [this, cure] { setSpec(cure.spec); });
    }
    auto* const map = menu.addAction(tr("IP map…"), this, [this] { emit ipMapWanted(selectedFiles()); });
    map->setToolTip(tr("Choose an IP map for these captures alone"));
    map->setEnabled(!selected.isEmpty());
    const bool own = std::ranges::any_of(
        selected, [](const auto* item) { return !item->data(IpMapRole).toString().isEmpty(); });
    menu.addAction(tr("Use the IP map of all"), this, [this] { setIpMap(selectedFiles(), {}); })
        ->setEnabled(own);
    menu.addSeparator();
    menu.addAction(tr("Sort by time"), this, &CaptureList::sortByTime)->setEnabled(count() > 1);
    menu.exec(event->globalPos());
}

void CaptureList::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Delete))
        removeSelected();
    else
        QListWidget::keyPressEvent(event);
}

} // namespace packetloom
