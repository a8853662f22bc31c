// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/wrapping_layout.h"

#include <algorithm>
#include <utility>

namespace packetloom {

QLayoutItem* WrappingLayout::takeAt(int index)
{
    return index >= 0 && index < items_.size() ? items_.takeAt(index) : nullptr;
}

// One widget a line at the least; a long one is cut to the width there is.
QSize WrappingLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* const item : items_)
        size = size.expandedTo({0, item->sizeHint().height()});
    const auto margins = contentsMargins();
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void WrappingLayout::setGeometry(const QRect& place)
{
    QLayout::setGeometry(place);
    arrange(place, true);
}

int WrappingLayout::arrange(const QRect& place, bool really) const
{
    const auto margins = contentsMargins();
    const QRect inside = place.marginsRemoved(margins);
    const int gap = std::max(spacing(), 0);
    int x = inside.x(), y = inside.y(), lineHeight = 0;
    QList<std::pair<QLayoutItem*, QSize>> line;
    const auto endLine = [&] { // each in the middle of its line's height
        int left = inside.x();
        for (const auto& [item, size] : line) {
            if (really)
                item->setGeometry({QPoint(left, y + (lineHeight - size.height()) / 2), size});
            left += size.width() + gap;
        }
        line.clear();
    };
    for (QLayoutItem* const item : items_) {
        if (item->isEmpty())
            continue;
        const QSize size(std::min(item->sizeHint().width(), inside.width()), item->sizeHint().height());
        if (x > inside.x() && x + size.width() > inside.x() + inside.width()) {
            endLine();
            x = inside.x();
            y += lineHeight + gap;
            lineHeight = 0;
        }
        line.append({item, size});
        x += size.width() + gap;
        lineHeight = std::max(lineHeight, size.height());
    }
    endLine();
    return y + lineHeight - place.y() + margins.bottom();
}

} // namespace packetloom
