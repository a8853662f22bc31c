// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What mouse and keyboard do in the timeline.

#include "ui/charts/flow_colors.h"
#include "ui/charts/timeline_chart.h"
#include "ui/messages.h"
#include "ui/models/words.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <qcustomplot.h>

namespace packetloom {

void TimelineChart::finishBrush(double from, double to)
{
    brushFrom_.reset();
    const auto [low, high] = std::minmax(from, to);
    if (plot_->xAxis->coordToPixel(high) - plot_->xAxis->coordToPixel(low) < 3) { // a click, no interval
        setBrush(brush_);
        return;
    }
    emit intervalBrushed(timeAt(std::floor(low)), timeAt(std::ceil(high)));
}

bool TimelineChart::eventFilter(QObject* watched, QEvent* event)
{
    const QEvent::Type type = event->type();
    const auto* const mouse = dynamic_cast<QMouseEvent*>(event);
    const double at = mouse ? plot_->xAxis->pixelToCoord(mouse->position().x()) : 0;
    switch (type) {
    case QEvent::MouseButtonPress:
        if (mouse->button() == Qt::LeftButton && (mouse->modifiers() & Qt::ShiftModifier) != 0 &&
            columns_.count > 0) {
            brushFrom_ = at;
            return true;
        }
        break;
    case QEvent::MouseMove:
        if (brushFrom_) {
            mark_->topLeft->setCoords(std::min(*brushFrom_, at), 0);
            mark_->bottomRight->setCoords(std::max(*brushFrom_, at), 1);
            mark_->setVisible(true);
            plot_->replot(QCustomPlot::rpQueuedReplot);
            return true;
        }
        if (mouse->buttons() == Qt::NoButton)
            showReadout(at, mouse->globalPosition().toPoint());
        break;
    case QEvent::MouseButtonRelease:
        if (brushFrom_) {
            finishBrush(*brushFrom_, at);
            return true;
        }
        break;
    case QEvent::MouseButtonDblClick:
        showAll();
        return true;
    case QEvent::KeyPress:
        if (keyPressed(static_cast<QKeyEvent*>(event)->key()))
            return true;
        break;
    case QEvent::ShortcutOverride: // Escape takes the mark away before it cancels a job
        if (brush_ && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
            event->accept();
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

bool TimelineChart::keyPressed(int key)
{
    constexpr double step = 0.15, zoom = 1.4;
    auto* const axis = plot_->xAxis;
    switch (key) {
    case Qt::Key_Left:
        axis->moveRange(-axis->range().size() * step);
        return true;
    case Qt::Key_Right:
        axis->moveRange(axis->range().size() * step);
        return true;
    case Qt::Key_Plus:
        axis->scaleRange(1 / zoom);
        return true;
    case Qt::Key_Minus:
        axis->scaleRange(zoom);
        return true;
    case Qt::Key_Home:
    case Qt::Key_0:
        showAll();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (const auto seen = visibleInterval())
            emit intervalBrushed(seen->first, seen->second);
        return true;
    case Qt::Key_Escape:
        if (!brush_)
            return false;
        emit brushCleared();
        return true;
    default:
        return false;
    }
}

void TimelineChart::showReadout(double coordinate, const QPoint& globalPosition)
{
    const double column = std::floor((coordinate - coordinateOf(columns_.start)) / columns_.width);
    const Timeline* const timeline = shown();
    if (!timeline || column < 0 || column >= static_cast<double>(columns_.count)) {
        QToolTip::hideText();
        return;
    }
    const auto first = static_cast<std::size_t>(column) * timeline->categories();
    QStringList lines{shownTime(timeAt(coordinateOf(columns_.start) + column * columns_.width))};
    Timeline::Cell sum;
    const bool byClass = live_ || stacking_ == Stacking::Class;
    for (std::size_t i = 0; i < timeline->categories(); ++i) {
        const auto& cell = columns_.cells[first + i];
        sum.packets += cell.packets;
        sum.bytes += cell.bytes;
        if (cell.packets == 0)
            continue;
        const auto name = byClass ? packetClassName(static_cast<PacketClass>(i))
                                  : outcomeWords(static_cast<FlowOutcome>(i));
        lines << tr("%1: %2 packets, %3 bytes").arg(name, shownNumber(cell.packets), shownNumber(cell.bytes));
    }
    lines.insert(1, tr("%1 packets, %2 bytes").arg(shownNumber(sum.packets), shownNumber(sum.bytes)));
    QToolTip::showText(globalPosition, Qt::convertFromPlainText(lines.join(QLatin1Char('\n'))), plot_);
}

} // namespace packetloom
