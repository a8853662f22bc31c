// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/wrap_layout.h"

#include <QWidget>
#include <algorithm>

namespace packetloom {

WrapLayout::WrapLayout(QWidget* parent, int space) : QLayout(parent), space_(space)
{
    setContentsMargins({});
}

WrapLayout::~WrapLayout()
{
    qDeleteAll(items_);
}

QLayoutItem* WrapLayout::takeAt(int index)
{
    return index >= 0 && index < items_.size() ? items_.takeAt(index) : nullptr;
}

QSize WrapLayout::sizeHint() const
{
    QSize size;
    for (const auto* const item : items_) {
        if (item->isEmpty())
            continue;
        const QSize hint = item->sizeHint();
        size.setWidth(size.width() + hint.width() + (size.width() > 0 ? space_ : 0));
        size.setHeight(std::max(size.height(), hint.height()));
    }
    return size;
}

QSize WrapLayout::minimumSize() const
{
    QSize size;
    for (const auto* const item : items_) {
        if (!item->isEmpty())
            size = size.expandedTo(item->minimumSize());
    }
    return size;
}

void WrapLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    place(rect, true);
}

int WrapLayout::place(const QRect& rect, bool really) const
{
    QList<std::pair<QLayoutItem*, QSize>> row;
    int width = 0, height = 0, top = rect.top();
    const auto endRow = [&] {
        int left = rect.left();
        for (const auto& [item, size] : row) {
            if (really)
                item->setGeometry(QRect(QPoint(left, top + (height - size.height()) / 2), size));
            left += size.width() + space_;
        }
        row.clear();
    };
    for (auto* const item : items_) {
        if (item->isEmpty())
            continue;
        const QSize size(
            std::min(item->sizeHint().width(), std::max(rect.width(), item->minimumSize().width())),
            item->sizeHint().height());
        if (!row.isEmpty() && width + space_ + size.width() > rect.width()) {
            endRow();
            top += height + space_ / 2;
            width = height = 0;
        }
        width += size.width() + (row.isEmpty() ? 0 : space_);
        height = std::max(height, size.height());
        row << std::pair(item, size);
    }
    endRow();
    return top + height - rect.top();
}

} // namespace packetloom
