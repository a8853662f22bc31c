// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/timeline_chart.h"

#include "ui/charts/chart_time.h"
#include "ui/charts/flow_colors.h"
#include "ui/charts/time_ticker.h"
#include "ui/messages.h"
#include "ui/models/words.h"

#include <QVBoxLayout>
#ifdef PACKETLOOM_WITH_SVG
#include <QSvgGenerator>
#endif
#include <algorithm>
#include <cmath>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr int pixelsPerColumn = 3;
constexpr double smallestRange = 10; // microseconds
constexpr double margin = 0.01;      // of the range, beside the first and last column

/// Numbers with digit groups, which QCustomPlot's own ticker does not write in the C locale.
class NumberTicker final : public QCPAxisTicker
{
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override
    {
        return tick < 0 || tick != std::floor(tick) ? QString()
                                                    : shownNumber(static_cast<std::uint64_t>(tick));
    }
};

/// The same at powers of ten.
class PowerTicker final : public QCPAxisTickerLog
{
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override
    {
        return tick < 1 ? QString() : shownNumber(static_cast<std::uint64_t>(std::llround(tick)));
    }
};

} // namespace

TimelineChart::TimelineChart(QWidget* parent)
    : QWidget(parent), plot_(new QCustomPlot), ticker_(new TimeTicker)
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(plot_);
    plot_->setFocusPolicy(Qt::StrongFocus);
    plot_->setAccessibleName(tr("Packets over time"));
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot_->axisRect()->setRangeDrag(Qt::Horizontal);
    plot_->axisRect()->setRangeZoom(Qt::Horizontal);
    plot_->setNoAntialiasingOnDrag(true);
    plot_->xAxis->setTicker(ticker_);
    plot_->legend->setVisible(true);
    plot_->legend->setBorderPen(Qt::NoPen);
    plot_->legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot_->legend->setWrap(20);
    plot_->legend->setRowSpacing(0);
    // Below the axis rather than on the data.
    auto* const below = new QCPLayoutGrid;
    below->setMargins(QMargins(6, 0, 6, 4));
    plot_->plotLayout()->addElement(1, 0, below);
    below->addElement(0, 0, plot_->legend);
    plot_->plotLayout()->setRowStretchFactor(1, 0.001);
    mark_ = new QCPItemRect(plot_);
    mark_->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
    mark_->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
    mark_->setVisible(false);
    nothing_ = new QCPItemText(plot_);
    nothing_->position->setType(QCPItemPosition::ptAxisRectRatio);
    nothing_->position->setCoords(0.5, 0.5);
    nothing_->setText(tr("No packets yet"));
    plot_->setToolTip(tr("Wheel: zoom. Drag: move. Shift+drag: mark an interval. Double click: everything. "
                         "Keys: arrows, + and -, Enter to mark what is seen, Esc."));
    plot_->installEventFilter(this);
    connect(plot_->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this](const QCPRange& range) {
                if (range.size() < smallestRange)
                    plot_->xAxis->setRange(range.center(), smallestRange, Qt::AlignCenter);
                redraw();
                emit visibleIntervalChanged();
            });
    makeBars();
    recolour();
    redraw();
}

const Timeline* TimelineChart::shown() const
{
    if (live_)
        return &*live_;
    if (!analysis_)
        return nullptr;
    return stacking_ == Stacking::Class ? &analysis_->byClass : &analysis_->byOutcome;
}

double TimelineChart::quantityOf(const Timeline::Cell& cell) const
{
    return static_cast<double>(quantity_ == Quantity::Packets ? cell.packets : cell.bytes);
}

void TimelineChart::setTimelines(const std::shared_ptr<const Analysis>& analysis)
{
    live_.reset();
    analysis_ = analysis;
    makeBars();
    showAll();
}

void TimelineChart::setLive(const Timeline& byClass)
{
    const bool begins = !live_;
    live_ = byClass;
    if (begins)
        makeBars();
    showAll();
}

void TimelineChart::setStacking(Stacking stacking)
{
    stacking_ = stacking;
    makeBars();
    redraw();
}

void TimelineChart::setQuantity(Quantity quantity)
{
    quantity_ = quantity;
    redraw();
}

void TimelineChart::setLogScale(bool on)
{
    logScale_ = on;
    plot_->yAxis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    makeBars();
    redraw();
}

void TimelineChart::makeBars()
{
    plot_->legend->clearItems();
    for (auto* const bar : bars_)
        plot_->removePlottable(bar);
    bars_.clear();
    const bool byClass = live_ || stacking_ == Stacking::Class;
    const auto categories = logScale_ ? std::size_t{1} : byClass ? packetClassCount : flowOutcomeCount;
    for (std::size_t i = 0; i < categories; ++i) {
        auto* const bar = new QCPBars(plot_->xAxis, plot_->yAxis);
        bar->setWidthType(QCPBars::wtPlotCoords);
        bar->setAntialiased(false);
        bar->setName(logScale_ ? tr("all")
                     : byClass ? packetClassName(static_cast<PacketClass>(i))
                               : outcomeWords(static_cast<FlowOutcome>(i)));
        if (!bars_.isEmpty())
            bar->moveAbove(bars_.last());
        bars_ << bar;
    }
    if (logScale_)
        plot_->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PowerTicker));
    else
        plot_->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new NumberTicker));
    recolour();
}

void TimelineChart::showAll()
{
    const Timeline* const timeline = shown();
    if (timeline && timeline->bins() > 0) {
        origin_ = timeline->start(0);
        ticker_->setOrigin(origin_);
        const double length =
            std::ldexp(static_cast<double>(timeline->bins()), static_cast<int>(timeline->shift()));
        const QSignalBlocker quiet(plot_->xAxis);
        plot_->xAxis->setRange(-length * margin, length * (1 + margin));
    }
    redraw();
}

void TimelineChart::showInterval(qint64 start, qint64 end)
{
    const double from = coordinateOf(start), to = coordinateOf(end);
    const double room = std::max((to - from) * margin, smallestRange / 4);
    plot_->xAxis->setRange(from - room, to + room);
}

void TimelineChart::setVisibleInterval(qint64 start, qint64 end)
{
    if (start < end)
        plot_->xAxis->setRange(coordinateOf(start), coordinateOf(end));
}

std::optional<std::pair<qint64, qint64>> TimelineChart::visibleInterval() const
{
    if (!shown() || shown()->bins() == 0)
        return std::nullopt;
    return std::pair(timeAt(plot_->xAxis->range().lower), timeAt(plot_->xAxis->range().upper));
}

double TimelineChart::coordinateOf(qint64 time) const
{
    return static_cast<double>(time) - static_cast<double>(origin_); // exact up to the year 2255
}

qint64 TimelineChart::timeAt(double coordinate) const
{
    return chartTime(origin_, coordinate);
}

void TimelineChart::redraw()
{
    const Timeline* const timeline = shown();
    const bool any = timeline && timeline->bins() > 0;
    columns_ = {};
    if (any) {
        const auto most =
            static_cast<std::size_t>(std::max(50, plot_->axisRect()->width() / pixelsPerColumn));
        columns_ = aggregate(*timeline, timeAt(plot_->xAxis->range().lower),
                             timeAt(plot_->xAxis->range().upper), most);
    }
    QVector<double> keys;
    for (std::size_t column = 0; column < columns_.count; ++column)
        keys << coordinateOf(columns_.start) + (static_cast<double>(column) + 0.5) * columns_.width;
    const std::size_t categories = any ? timeline->categories() : 0;
    double highest = 0;
    QVector<QVector<double>> values(bars_.size());
    for (std::size_t column = 0; column < columns_.count; ++column) {
        double sum = 0;
        for (std::size_t category = 0; category < categories; ++category) {
            const double value = quantityOf(columns_.cells[column * categories + category]);
            sum += value;
            if (!logScale_)
                values[static_cast<qsizetype>(category)] << value;
        }
        if (logScale_)
            values[0] << sum;
        highest = std::max(highest, sum);
    }
    for (qsizetype i = 0; i < bars_.size(); ++i) {
        bars_[i]->setWidth(columns_.width);
        bars_[i]->setBaseValue(logScale_ ? 0.5 : 0);
        bars_[i]->setData(keys, values[i], true);
    }
    plot_->yAxis->setLabel(quantity_ == Quantity::Packets ? tr("packets") : tr("bytes"));
    plot_->yAxis->setRange(logScale_ ? 0.5 : 0, highest > 0 ? highest * (logScale_ ? 2 : 1.05) : 1);
    nothing_->setVisible(!any);
    plot_->xAxis->setVisible(any);
    plot_->yAxis->setVisible(any);
    plot_->legend->setVisible(any);
    if (brush_) {
        mark_->topLeft->setCoords(coordinateOf(brush_->first), 0);
        mark_->bottomRight->setCoords(coordinateOf(brush_->second), 1);
    }
    mark_->setVisible(any && (brush_ || brushFrom_));
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void TimelineChart::recolour()
{
    const bool dark = isDark(palette());
    const auto text = palette().color(QPalette::Text);
    auto faint = text;
    faint.setAlpha(45);
    plot_->setBackground(palette().color(QPalette::Base));
    for (auto* const axis : {plot_->xAxis, plot_->yAxis}) {
        axis->setBasePen(QPen(text));
        axis->setTickPen(QPen(text));
        axis->setSubTickPen(QPen(faint));
        axis->setTickLabelColor(text);
        axis->setLabelColor(text);
        axis->grid()->setPen(QPen(faint, 0, Qt::DotLine));
        axis->grid()->setZeroLinePen(Qt::NoPen);
        axis->setTickLabelFont(font());
        axis->setLabelFont(font());
    }
    nothing_->setColor(palette().color(QPalette::Disabled, QPalette::Text));
    nothing_->setFont(font());
    plot_->legend->setTextColor(text);
    plot_->legend->setFont(font());
    plot_->legend->setBrush(Qt::NoBrush);
    plot_->legend->setIconSize(12, 12);
    for (qsizetype i = 0; i < bars_.size(); ++i) {
        const auto category = static_cast<std::size_t>(i);
        const auto color = logScale_ ? palette().color(QPalette::Highlight)
                           : live_ || stacking_ == Stacking::Class
                               ? packetClassColor(static_cast<PacketClass>(category), dark)
                               : flowOutcomeColor(static_cast<FlowOutcome>(category), dark);
        bars_[i]->setPen(Qt::NoPen);
        bars_[i]->setBrush(color);
    }
    auto mark = palette().color(QPalette::Highlight);
    mark_->setPen(QPen(mark));
    mark.setAlpha(60);
    mark_->setBrush(mark);
}

void TimelineChart::setBrush(const std::optional<std::pair<qint64, qint64>>& interval)
{
    brush_ = interval;
    brushFrom_.reset();
    redraw();
}

QString TimelineChart::fileKinds()
{
    auto kinds = tr("PNG (*.png);;PDF (*.pdf)");
#ifdef PACKETLOOM_WITH_SVG
    kinds += tr(";;SVG (*.svg)");
#endif
    return kinds;
}

QString TimelineChart::saveTo(const QString& path)
{
    plot_->replot(QCustomPlot::rpImmediateRefresh);
    bool saved = false;
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        saved = plot_->savePdf(path);
    } else if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
#ifdef PACKETLOOM_WITH_SVG
        QSvgGenerator svg;
        svg.setFileName(path);
        svg.setSize(plot_->size());
        svg.setViewBox(plot_->rect());
        QCPPainter painter;
        saved = painter.begin(&svg);
        if (saved) {
            painter.setMode(QCPPainter::pmVectorized);
            plot_->toPainter(&painter, plot_->width(), plot_->height());
            saved = painter.end();
        }
#endif
    } else {
        saved = plot_->savePng(path, 0, 0, 2);
    }
    return saved ? QString() : tr("%1 could not be written.").arg(shownText(path.toStdString()));
}

void TimelineChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange) {
        recolour();
        plot_->replot(QCustomPlot::rpQueuedReplot);
    }
    QWidget::changeEvent(event);
}

void TimelineChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    redraw();
}

} // namespace packetloom
