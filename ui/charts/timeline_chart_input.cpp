// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What mouse and keyboard do in the timeline.

#include "ui/charts/chart_accessibility.h"
#include "ui/charts/chart_time.h"
#include "ui/charts/timeline_chart.h"

#include <QKeyEvent>
#include <QMouseEvent>
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
            columns_.count() > 0) {
            brushFrom_ = at;
            return true;
        }
        break;
    case QEvent::MouseMove:
        if (brushFrom_) {
            mark_->topLeft->setCoords(std::min(*brushFrom_, at), 0);
            mark_->bottomRight->setCoords(std::max(*brushFrom_, at), 1);
            mark_->setVisible(true);
            point(timeAt(at));
            plot_->replot(QCustomPlot::rpQueuedReplot);
            return true;
        }
        if (mouse->buttons() == Qt::NoButton)
            point(timeAt(at));
        break;
    case QEvent::Leave:
        if (!pointedByKey_)
            point(std::nullopt);
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
    case QEvent::KeyPress: {
        const auto* const key = static_cast<QKeyEvent*>(event);
        if (keyPressed(key->key(), key->modifiers()))
            return true;
        break;
    }
    case QEvent::ShortcutOverride: // Escape takes the mark away before it cancels a job
        if (brush_ && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
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

bool TimelineChart::keyPressed(int key, Qt::KeyboardModifiers modifiers)
{
    constexpr double step = 0.15, zoom = 1.4;
    auto* const axis = plot_->xAxis;
    const bool moves = (modifiers & Qt::ControlModifier) != 0;
    const bool marks = (modifiers & Qt::ShiftModifier) != 0;
    const double middle = pointed_ && columns_.columnAt(*pointed_) < columns_.count()
                              ? coordinateOf(*pointed_)
                              : axis->range().center();
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (moves)
            axis->moveRange(axis->range().size() * (key == Qt::Key_Left ? -step : step));
        else
            moveCursor(key == Qt::Key_Left ? -1 : 1, marks);
        return true;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        axis->moveRange(axis->range().size() * (key == Qt::Key_PageUp ? -1 : 1));
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        axis->scaleRange(1 / zoom, middle);
        return true;
    case Qt::Key_Minus:
        axis->scaleRange(zoom, middle);
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

// By so many bins; the view follows. Marking goes from where the cursor was to where it comes to.
void TimelineChart::moveCursor(int columns, bool marking)
{
    if (columns_.count() == 0)
        return;
    const TimeRange all{scale_.segments().front().first, scale_.segments().back().last};
    const std::size_t before = pointed_ ? columns_.columnAt(*pointed_) : columns_.count();
    TimeRange next = columns > 0 ? columns_.ranges.front() : columns_.ranges.back(); // where it begins
    if (before < columns_.count()) {
        const auto wanted = static_cast<std::ptrdiff_t>(before) + columns;
        const TimeRange here = columns_.ranges[before];
        if (wanted >= 0 && wanted < static_cast<std::ptrdiff_t>(columns_.count())) {
            next = columns_.ranges[static_cast<std::size_t>(wanted)];
        } else { // beyond what is drawn
            const std::int64_t edge = columns > 0 ? here.last : here.first;
            next.first = next.last = chartTime(edge, columns_.width / 2 * columns);
            if (next.first < all.first || next.first > all.last)
                next = here;
        }
        if (marking && !markFrom_)
            markFrom_ = here.first;
    } else if (marking && !markFrom_) {
        markFrom_ = next.first;
    }
    if (!marking)
        markFrom_.reset();
    // The difference may need all of 64 bits.
    const std::uint64_t half =
        (static_cast<std::uint64_t>(next.last) - static_cast<std::uint64_t>(next.first)) / 2;
    const std::int64_t time = next.first + static_cast<std::int64_t>(half);
    auto* const axis = plot_->xAxis;
    const double at = coordinateOf(time);
    if (at < axis->range().lower || at > axis->range().upper)
        axis->moveRange(axis->range().size() * (columns > 0 ? 0.5 : -0.5));
    point(time, true);
    if (marking) {
        const std::size_t now = columns_.columnAt(time);
        const TimeRange here = now < columns_.count() ? columns_.ranges[now] : TimeRange{time, time};
        emit intervalBrushed(std::min<qint64>(*markFrom_, here.first),
                             std::max<qint64>(*markFrom_, here.last));
    }
}

void TimelineChart::point(const std::optional<qint64>& time, bool byKey)
{
    pointedByKey_ = byKey;
    const auto columnOf = [this](const std::optional<qint64>& t) {
        return t ? columns_.columnAt(*t) : columns_.count();
    };
    const bool same = columnOf(pointed_) == columnOf(time);
    pointed_ = time;
    if (same)
        return;
    placeMarks();
    showReadout();
    tellChartValue(plot_, readout());
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace packetloom
