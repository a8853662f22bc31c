// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/sparkline_delegate.h"

#include <QApplication>
#include <QPainter>
#include <algorithm>

namespace packetloom {

void SparklineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index); // what lies behind: selection, focus
    const auto bars = index.data(role_).value<QList<double>>();
    if (bars.isEmpty())
        return;
    const auto group = option.state & QStyle::State_Active ? QPalette::Active : QPalette::Inactive;
    const bool selected = option.state & QStyle::State_Selected;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(Qt::NoPen);
    painter->setBrush(option.palette.color(group, selected ? QPalette::HighlightedText : QPalette::Link));
    const QRect area = option.rect.adjusted(4, 2, -4, -2);
    const auto at = [&](qsizetype i) {
        return area.left() + static_cast<int>(i * area.width() / bars.size());
    };
    for (qsizetype i = 0; i < bars.size(); ++i) {
        if (bars[i] <= 0)
            continue;
        // What is there is seen, however little it is.
        const int height = std::max(1, static_cast<int>(bars[i] * area.height() + 0.5));
        const int width = std::max(1, at(i + 1) - at(i));
        painter->drawRect(QRect(at(i), area.bottom() + 1 - height, width, height));
    }
    painter->restore();
}

} // namespace packetloom
