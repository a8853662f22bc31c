// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What mouse and keyboard do in the charts of a flow, and its cursor.

#include "ui/charts/chart_accessibility.h"
#include "ui/views/flow_chart.h"

#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr double near = 14; // pixels: a spot is pointed at
constexpr double click = 4; // and farther is a drag

} // namespace

bool FlowChart::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
        if (mouseEvent(event))
            return true;
        break;
    case QEvent::Leave:
        pointAt(std::nullopt);
        break;
    case QEvent::KeyPress: {
        const auto* const key = static_cast<QKeyEvent*>(event);
        if (keyPressed(key->key(), key->modifiers()))
            return true;
        break;
    }
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        update(); // the ring around it
        break;
    default:
        break;
    }
    return FlowPart::eventFilter(watched, event);
}

bool FlowChart::mouseEvent(QEvent* event)
{
    const auto* const mouse = static_cast<QMouseEvent*>(event);
    const QPointF at = mouse->position();
    if (!trace_ || !emptyText().isEmpty())
        return false;
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        if (mouse->button() != Qt::LeftButton)
            return false;
        if ((mouse->modifiers() & Qt::ShiftModifier) != 0) {
            band0_ = at;
            return true;
        }
        pressed_ = at;
        return false;
    case QEvent::MouseMove:
        if (band0_) {
            QRectF band = QRectF(*band0_, at).normalized();
            if (zoom_ == Zoom::Time) {
                band.setTop(plot_->axisRect()->top());
                band.setBottom(plot_->axisRect()->bottom());
            }
            band_->topLeft->setCoords(band.topLeft());
            band_->bottomRight->setCoords(band.bottomRight());
            band_->setVisible(true);
            plot_->replot(QCustomPlot::rpQueuedReplot);
            return true;
        }
        if (mouse->buttons() == Qt::NoButton)
            pointAt(spotNear(at));
        return false;
    case QEvent::MouseButtonRelease:
        if (band0_) {
            band_->setVisible(false);
            zoomTo(QRectF(*std::exchange(band0_, std::nullopt), at).normalized());
            return true;
        }
        if (const auto from = std::exchange(pressed_, std::nullopt);
            from && (at - *from).manhattanLength() < click)
            clickAt(at);
        return false;
    default: // a double click
        pressed_.reset();
        seeAll();
        emit seenMoved(begin_, end_);
        return true;
    }
}

void FlowChart::zoomTo(const QRectF& pixels)
{
    if (pixels.width() < click) {
        plot_->replot(QCustomPlot::rpQueuedReplot);
        return;
    }
    const bool both = zoom_ == Zoom::TimeAndHeight && pixels.height() >= click;
    const double top = plot_->yAxis->pixelToCoord(pixels.top()),
                 bottom = plot_->yAxis->pixelToCoord(pixels.bottom());
    plot_->xAxis->setRange(plot_->xAxis->pixelToCoord(pixels.left()),
                           plot_->xAxis->pixelToCoord(pixels.right()));
    if (both)
        plot_->yAxis->setRange(bottom, top);
    fitted_ = !both;
    redraw(fitted_);
}

bool FlowChart::keyPressed(int key, Qt::KeyboardModifiers modifiers)
{
    constexpr double step = 0.15, zoom = 1.4;
    if (!trace_)
        return false;
    auto* const axis = plot_->xAxis;
    const auto spot = spotOfCursor();
    const auto moved = [&](const QCPRange& to) {
        axis->setRange(to);
        fitted_ = true;
        redraw(true);
        return true;
    };
    const QCPRange range = axis->range();
    const double middle = spot && range.contains(spots_[*spot].x) ? spots_[*spot].x : range.center();
    const auto scaled = [&](double by) {
        return QCPRange(middle + (range.lower - middle) * by, middle + (range.upper - middle) * by);
    };
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int way = key == Qt::Key_Left ? -1 : 1;
        if ((modifiers & Qt::ControlModifier) != 0)
            return moved(range + range.size() * step * way);
        stepCursor(way);
        return true;
    }
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        return moved(range + range.size() * (key == Qt::Key_PageUp ? -1 : 1));
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return moved(scaled(1 / zoom));
    case Qt::Key_Minus:
        return moved(scaled(zoom));
    case Qt::Key_Home:
    case Qt::Key_0:
        seeAll();
        emit seenMoved(begin_, end_);
        return true;
    default:
        return false;
    }
}

std::optional<std::size_t> FlowChart::spotNear(const QPointF& pixel) const
{
    std::optional<std::size_t> best;
    double bestAway = near;
    for (std::size_t i = 0; i < spots_.size(); ++i) {
        const Spot& spot = spots_[i];
        if (isHidden(spot.series))
            continue;
        const double left = plot_->xAxis->coordToPixel(spot.x),
                     right = plot_->xAxis->coordToPixel(spot.x + spot.width);
        const double low = plot_->yAxis->coordToPixel(spot.least),
                     high = plot_->yAxis->coordToPixel(spot.most);
        const double across = std::max({left - pixel.x(), pixel.x() - right, 0.0});
        const double along = std::max({high - pixel.y(), pixel.y() - low, 0.0});
        if (const double away = std::hypot(across, along); away < bestAway) {
            bestAway = away;
            best = i;
        }
    }
    return best;
}

void FlowChart::pointAt(std::optional<std::size_t> spot)
{
    if (spot == pointed_)
        return;
    pointed_ = spot;
    placeCursor();
    showReadout();
    tellChartValue(plot_, readout());
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

// Of a stretch of time the packet that was kept and is nearest.
void FlowChart::clickAt(const QPointF& pixel)
{
    const auto spot = spotNear(pixel);
    if (!spot || trace_->packets.empty())
        return;
    auto packet = spots_[*spot].packet;
    if (!packet) {
        const std::int64_t time = timeAt(spots_[*spot].x + spots_[*spot].width / 2);
        const auto next = std::ranges::lower_bound(trace_->packets, time, {},
                                                   [](const TracedPacket& p) { return p.packet.timestamp; });
        packet = static_cast<std::size_t>(next - trace_->packets.begin());
        const auto awayFrom = [&](std::size_t i) {
            return std::fabs(xOf(trace_->packets[i].packet.timestamp) - xOf(time));
        };
        if (*packet == trace_->packets.size() || (*packet > 0 && awayFrom(*packet - 1) < awayFrom(*packet)))
            --*packet;
    }
    const auto row = trace_->packets[*packet].row;
    setCursor(row);
    emit cursorMoved(row);
}

std::optional<std::size_t> FlowChart::packetOfRow(std::uint64_t row) const
{
    if (!trace_)
        return std::nullopt;
    const auto found = std::ranges::find(trace_->packets, row, &TracedPacket::row); // rows are in no order
    return found == trace_->packets.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - trace_->packets.begin()));
}

std::optional<std::size_t> FlowChart::spotOfCursor() const
{
    const auto packet = cursor_ ? packetOfRow(*cursor_) : std::nullopt;
    if (!packet)
        return std::nullopt;
    const auto spot = std::ranges::find_if(
        spots_, [&](const Spot& s) { return s.packet == packet && !isHidden(s.series); });
    return spot == spots_.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(spot - spots_.begin()));
}

void FlowChart::setCursor(std::uint64_t row)
{
    cursor_ = row;
    const auto packet = packetOfRow(row);
    if (packet) {
        const double at = xOf(trace_->packets[*packet].packet.timestamp);
        if (const QCPRange range = plot_->xAxis->range(); !range.contains(at)) {
            moving_ = true;
            plot_->xAxis->setRange(at, range.size(), Qt::AlignCenter);
            moving_ = false;
            fitted_ = true;
            userMoved();
        }
    }
    placeCursor();
    showReadout();
    tellChartValue(plot_, readout());
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

// From value to value in the order of time, all series together.
void FlowChart::stepCursor(int by)
{
    std::vector<std::size_t> order; // packets that have a spot
    for (const Spot& spot : spots_) {
        if (spot.packet && !isHidden(spot.series))
            order.push_back(*spot.packet);
    }
    std::ranges::sort(order);
    order.erase(std::unique(order.begin(), order.end()), order.end());
    if (order.empty())
        return;
    const auto now = cursor_ ? packetOfRow(*cursor_) : std::nullopt;
    auto next = now ? std::ranges::lower_bound(order, *now) : by > 0 ? order.begin() : order.end() - 1;
    if (now && by > 0)
        next = std::ranges::upper_bound(order, *now);
    else if (now)
        next = next == order.begin() ? order.end() : next - 1;
    if (next == order.end())
        return;
    const auto row = trace_->packets[*next].row;
    setCursor(row);
    emit cursorMoved(row);
}

void FlowChart::placeCursor()
{
    const auto packet = cursor_ ? packetOfRow(*cursor_) : std::nullopt;
    const bool any = trace_ && emptyText().isEmpty();
    cursorLine_->setVisible(any && packet);
    if (packet) {
        const double at = xOf(trace_->packets[*packet].packet.timestamp);
        cursorLine_->point1->setCoords(at, 0);
        cursorLine_->point2->setCoords(at, 1);
    }
    const auto spot = pointed_ ? pointed_ : spotOfCursor();
    ring_->setVisible(any && spot);
    if (spot) {
        const Spot& s = spots_[*spot];
        ring_->position->setCoords(s.x + s.width / 2, (s.least + s.most) / 2);
    }
}

void FlowChart::showReadout()
{
    const auto spot = pointed_ ? pointed_ : spotOfCursor();
    QString text = summary_;
    if (spot && trace_)
        text = spotText(spots_[*spot]);
    readout_->setText(text);
    readout_->setToolTip(text); // whatever has no room in its line
}

} // namespace packetloom
