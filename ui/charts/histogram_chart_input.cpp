// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What mouse and keyboard do in a histogram.

#include "ui/charts/chart_accessibility.h"
#include "ui/charts/histogram_chart.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <algorithm>
#include <qcustomplot.h>

namespace packetloom {

bool HistogramChart::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease:
        if (mouseEvent(event))
            return true;
        break;
    case QEvent::MouseButtonDblClick: // its second press is no other one
        return true;
    case QEvent::Wheel: // for what scrolls around it
        event->ignore();
        return true;
    case QEvent::Leave:
        if (!byKey_ && !dragging_) {
            anchor_.reset();
            point(std::nullopt);
        }
        break;
    case QEvent::KeyPress: {
        const auto* const key = static_cast<QKeyEvent*>(event);
        if (keyPressed(key->key(), key->modifiers()))
            return true;
        break;
    }
    case QEvent::ShortcutOverride: // Escape takes the mark away before it cancels a job
        if ((dragging_ || anchor_) && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
            event->accept();
        break;
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        update(); // the ring around it
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

bool HistogramChart::mouseEvent(QEvent* event)
{
    const auto* const mouse = static_cast<QMouseEvent*>(event);
    const auto bin = binAt(mouse->position().x());
    if (!bin)
        return false;
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        if (mouse->button() != Qt::LeftButton)
            return false;
        plot_->setFocus(Qt::MouseFocusReason);
        byKey_ = false;
        dragging_ = true;
        anchor_ = bin;
        point(bin);
        return true;
    case QEvent::MouseMove:
        if (!dragging_ && mouse->buttons() != Qt::NoButton)
            return false;
        if (!dragging_) {
            byKey_ = false;
            anchor_.reset();
        }
        point(bin);
        return true;
    default:
        if (!dragging_ || mouse->button() != Qt::LeftButton)
            return false;
        point(bin);
        dragging_ = false;
        choose();
        return true;
    }
}

bool HistogramChart::keyPressed(int key, Qt::KeyboardModifiers modifiers)
{
    if (count() == 0)
        return false;
    const bool marks = (modifiers & Qt::ShiftModifier) != 0;
    const int end = count() - 1;
    switch (key) {
    case Qt::Key_Left:
        moveTo(pointed_ ? std::max(*pointed_ - 1, 0) : end, marks);
        return true;
    case Qt::Key_Right:
        moveTo(pointed_ ? std::min(*pointed_ + 1, end) : 0, marks);
        return true;
    case Qt::Key_Home:
        moveTo(0, marks);
        return true;
    case Qt::Key_End:
        moveTo(end, marks);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        choose();
        return true;
    case Qt::Key_Escape:
        if (!dragging_ && !anchor_)
            return false;
        dragging_ = false;
        anchor_.reset();
        point(std::nullopt);
        return true;
    default:
        return false;
    }
}

// Marking goes from where the cursor was to where it comes to.
void HistogramChart::moveTo(int bin, bool marking)
{
    if (!marking)
        anchor_.reset();
    else if (!anchor_)
        anchor_ = pointed_.value_or(bin);
    byKey_ = true;
    dragging_ = false;
    point(bin);
}

void HistogramChart::point(std::optional<int> bin)
{
    pointed_ = bin;
    placeMarks();
    tellChartValue(plot_, readout());
    plot_->replot(QCustomPlot::rpQueuedReplot);
    emit pointed();
}

// Bins without a flow would leave nothing to see.
void HistogramChart::choose()
{
    const auto bins = marked();
    if (bins && flowsIn(*bins) > 0)
        emit chosen(bins->first, bins->second);
}

} // namespace packetloom
