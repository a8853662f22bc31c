// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/wrapped_row.h"

#include "ui/panels/wrapping_layout.h"

#include <QEvent>

namespace packetloom {

WrappedRow::WrappedRow(int space, QWidget* parent) : QWidget(parent), inside_(new QWidget(this))
{
    auto* const layout = new WrappingLayout(inside_);
    layout->setContentsMargins({});
    layout->setSpacing(space);
    inside_->installEventFilter(this);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void WrappedRow::addToRow(QWidget* widget)
{
    inside_->layout()->addWidget(widget);
    widget->show();
    fit();
}

void WrappedRow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fit();
}

bool WrappedRow::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == inside_ && event->type() == QEvent::LayoutRequest)
        fit();
    return QWidget::eventFilter(watched, event);
}

void WrappedRow::fit()
{
    const int height = inside_->layout()->heightForWidth(width());
    inside_->setGeometry(0, 0, width(), height);
    setFixedHeight(height);
}

} // namespace packetloom
