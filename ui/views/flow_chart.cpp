// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/flow_chart.h"

#include "core/support/text_format.h"
#include "ui/charts/chart_accessibility.h"
#include "ui/charts/chart_legend.h"
#include "ui/charts/chart_time.h"
#include "ui/charts/elided_label.h"
#include "ui/charts/unit_ticker.h"
#include "ui/messages.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr double smallestTime = 10, smallestHeight = 4; // that can be zoomed to; microseconds, bytes
constexpr double margin = 0.02;                         // of what is shown, at its ends
constexpr int ring = 2;                                 // pixels: around the plot that has the keyboard
constexpr double second = 1e6;

} // namespace

FlowChart::FlowChart(const QString& name, Zoom zoom, QWidget* parent)
    : FlowPart(parent),
      readout_(new ElidedLabel),
      note_(new QLabel),
      plot_(new QCustomPlot),
      foot_(new QWidget),
      footLayout_(new QHBoxLayout(foot_)),
      legend_(new ChartLegend),
      zoom_(zoom)
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(ring, ring, ring, 0);
    layout->setSpacing(ring);
    readout_->setObjectName(QStringLiteral("readout"));
    note_->setTextFormat(Qt::PlainText);
    note_->setWordWrap(true);
    note_->hide();
    footLayout_->setContentsMargins({});
    footLayout_->addWidget(legend_, 1);
    layout->addWidget(readout_);
    layout->addWidget(note_);
    layout->addWidget(plot_, 1);
    layout->addWidget(foot_);
    makePlot(name);
    legend_->setFocusPolicy(Qt::NoFocus);
    connect(legend_, &ChartLegend::toggled, this, [this](int id, bool shown) {
        if (shown)
            hidden_.remove(id);
        else
            hidden_.insert(id);
        redraw(fitted_);
    });
    connect(plot_->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, &FlowChart::rangeChanged);
    connect(plot_->yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
        if (moving_)
            return;
        fitted_ = false;
        if (plot_->yAxis->range().size() < smallestHeight) {
            const QSignalBlocker quiet(plot_->yAxis);
            plot_->yAxis->setRange(plot_->yAxis->range().center(), smallestHeight, Qt::AlignCenter);
        }
    });
}

void FlowChart::makePlot(const QString& name)
{
    tellAsChart(plot_);
    plot_->setFocusPolicy(Qt::StrongFocus);
    plot_->setMouseTracking(true);
    plot_->setAccessibleName(name);
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    const auto ways = zoom_ == Zoom::Time ? Qt::Orientations(Qt::Horizontal) : Qt::Horizontal | Qt::Vertical;
    plot_->axisRect()->setRangeDrag(ways);
    plot_->axisRect()->setRangeZoom(ways);
    plot_->setNoAntialiasingOnDrag(true);
    plot_->setAutoAddPlottableToLegend(false);
    plot_->legend->setVisible(false);
    plot_->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new UnitTicker(second)));
    cursorLine_ = new QCPItemStraightLine(plot_);
    ring_ = new QCPItemTracer(plot_);
    ring_->setStyle(QCPItemTracer::tsCircle);
    ring_->setSize(12);
    band_ = new QCPItemRect(plot_);
    for (auto* const position : {band_->topLeft, band_->bottomRight})
        position->setType(QCPItemPosition::ptAbsolute);
    nothing_ = new QCPItemText(plot_);
    nothing_->position->setType(QCPItemPosition::ptAxisRectRatio);
    nothing_->position->setCoords(0.5, 0.5);
    nothing_->setClipToAxisRect(false);
    for (QCPAbstractItem* const item : std::initializer_list<QCPAbstractItem*>{cursorLine_, ring_, band_})
        item->setVisible(false);
    plot_->installEventFilter(this);
}

void FlowChart::addControl(QWidget* control)
{
    footLayout_->insertWidget(footLayout_->count() - 1, control, 0, Qt::AlignTop);
}

void FlowChart::show(std::shared_ptr<const FlowTrace> trace)
{
    const bool first = !trace_ || !trace;
    trace_ = std::move(trace);
    pointed_.reset();
    known_ = {};
    for (std::size_t side = 0; trace_ && side < known_.size(); ++side) {
        for (std::size_t figure = 0; figure < traceFigureCount; ++figure)
            known_[side][figure] = knows(*trace_, side, static_cast<TraceFigure>(figure));
    }
    if (trace_)
        traceChanged();
    if (trace_ && first) {
        origin_ = trace_->flow.start;
        begin_ = trace_->from;
        end_ = trace_->to;
        cursor_.reset();
        seeAll();
        return;
    }
    redraw(fitted_);
}

std::pair<double, double> FlowChart::wholeRange() const
{
    const double from = xOf(begin_), to = xOf(end_);
    const double room = std::max((to - from) * margin, smallestTime / 2);
    return {from - room, to + room};
}

void FlowChart::seeAll()
{
    const auto [from, to] = wholeRange();
    moving_ = true;
    plot_->xAxis->setRange(from, to);
    moving_ = false;
    all_ = true;
    fitted_ = true;
    redraw(true);
}

void FlowChart::see(qint64 from, qint64 to)
{
    if (!trace_ || seen() == std::pair(from, to))
        return;
    if (from <= begin_ && to >= end_)
        return seeAll();
    moving_ = true;
    plot_->xAxis->setRange(xOf(from), xOf(to));
    moving_ = false;
    all_ = false;
    fitted_ = true;
    redraw(true);
}

std::pair<qint64, qint64> FlowChart::seen() const
{
    if (all_)
        return {begin_, end_};
    return {timeAt(plot_->xAxis->range().lower), timeAt(plot_->xAxis->range().upper)};
}

double FlowChart::xOf(std::int64_t time) const
{
    const double rough = static_cast<double>(time) - static_cast<double>(origin_);
    return std::fabs(rough) > 1e15 ? rough : static_cast<double>(time - origin_); // may need all of 64 bits
}

std::int64_t FlowChart::timeAt(double x) const
{
    return chartTime(origin_, x);
}

// A range that is too small, or far from what there is, is as near to it as may be.
void FlowChart::rangeChanged()
{
    if (moving_)
        return;
    const auto [from, to] = wholeRange();
    const QCPRange range = plot_->xAxis->range();
    const double size = std::clamp(range.size(), smallestTime, (to - from) * 1.2);
    const double centre = std::clamp(range.center(), from, to);
    moving_ = true;
    plot_->xAxis->setRange(centre, size, Qt::AlignCenter);
    moving_ = false;
    if (zoom_ == Zoom::TimeAndHeight)
        fitted_ = false; // the height is zoomed as well
    userMoved();
}

void FlowChart::userMoved()
{
    const auto [from, to] = wholeRange();
    const QCPRange range = plot_->xAxis->range();
    all_ = range.lower <= from + 0.5 && range.upper >= to - 0.5;
    redraw(fitted_);
    const auto [first, last] = seen();
    emit seenMoved(first, last);
}

void FlowChart::redraw(bool fit)
{
    spots_.clear();
    pointed_.reset();
    const auto empty = emptyText();
    const bool any = trace_ && empty.isEmpty();
    for (int i = 0; i < plot_->plottableCount(); ++i)
        plot_->plottable(i)->setVisible(false);
    if (any) {
        for (const Series& one : series())
            one.plot->setVisible(!isHidden(one.id));
    }
    plot_->xAxis->setVisible(any);
    plot_->yAxis->setVisible(any);
    nothing_->setVisible(!any);
    nothing_->setText(empty);
    foot_->setEnabled(any);
    if (any) {
        plot_->xAxis->setLabel(tr("seconds since the first packet, %1").arg(shownTime(origin_)));
        summary_ = draw(TraceLens(*trace_, timeAt(plot_->xAxis->range().lower),
                                  timeAt(plot_->xAxis->range().upper), plot_->width()),
                        spots_);
        if (fit)
            fitHeight();
        if (const auto above = aboveText(); !above.isEmpty())
            summary_ = tr("%1; %2").arg(summary_, above);
    } else {
        summary_ = empty;
    }
    const auto more = any ? note() : QString();
    note_->setText(more.left(1).toUpper() + more.mid(1));
    note_->setVisible(!more.isEmpty());
    plot_->setAccessibleDescription(more.isEmpty() ? summary_ : tr("%1; %2").arg(summary_, more));
    colour(palette());
    showLegend();
    placeCursor();
    showReadout();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

QString FlowChart::emptyText() const
{
    if (!trace_)
        return {};
    return trace_->packetCount == 0 ? tr("This flow has no packets.") : nothing();
}

QString FlowChart::note() const
{
    return trace_ && trace_->flow.estimated ? tr("payloads are estimated from the lengths of frames")
                                            : QString();
}

QString FlowChart::readout() const
{
    return readout_->text();
}

QString FlowChart::spotTime(const Spot& spot) const
{
    const auto from = groupedDecimal(spot.x / second, 6);
    return spot.width > 0 ? tr("%1 to %2 s").arg(from, groupedDecimal((spot.x + spot.width) / second, 6))
                          : tr("%1 s").arg(from);
}

QString FlowChart::lengthText(std::int64_t microseconds)
{
    return QString::fromStdString(
        timeSpan(static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0))));
}

QString FlowChart::sideName(std::size_t side) const
{
    return side == ExactFlow::originator ? ends().originator : ends().responder;
}

void FlowChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        redraw(fitted_);
    FlowPart::changeEvent(event);
}

void FlowChart::paintEvent(QPaintEvent* event)
{
    FlowPart::paintEvent(event);
    if (!plot_->hasFocus())
        return;
    QPainter painter(this);
    painter.setPen(QPen(palette().color(QPalette::Highlight), ring));
    painter.drawRect(plot_->geometry().adjusted(-1, -1, 1, 1));
}

void FlowChart::resizeEvent(QResizeEvent* event)
{
    FlowPart::resizeEvent(event);
    redraw(fitted_);
}

} // namespace packetloom
