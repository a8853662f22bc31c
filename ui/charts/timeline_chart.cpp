// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/timeline_chart.h"

#include "ui/charts/chart_accessibility.h"
#include "ui/charts/chart_legend.h"
#include "ui/charts/time_ticker.h"
#include "ui/messages.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>
#ifdef PACKETLOOM_WITH_SVG
#include <QSvgGenerator>
#endif
#include <algorithm>
#include <cmath>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr double smallestRange = 1; // microseconds
constexpr double margin = 0.01;     // of the range, beside the first and last column
constexpr std::chrono::milliseconds askRest{30};
constexpr int ring = 2; // pixels: around the plot that has the keyboard

} // namespace

TimelineChart::TimelineChart(QWidget* parent)
    : QWidget(parent),
      readout_(new QLabel),
      readoutParts_(new QLabel),
      plot_(new QCustomPlot),
      legend_(new ChartLegend),
      ticker_(new TimeTicker)
{
    tellAsChart(plot_);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(ring, 0, ring, 0);
    layout->setSpacing(ring);
    for (auto* const line : {readout_, readoutParts_}) {
        line->setTextFormat(Qt::PlainText);
        line->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // what is said moves nothing
        layout->addWidget(line);
    }
    readout_->setObjectName(QStringLiteral("readout"));
    layout->addWidget(plot_, 1);
    layout->addWidget(legend_);
    plot_->setFocusPolicy(Qt::StrongFocus);
    plot_->setMouseTracking(true);
    plot_->setAccessibleName(tr("Timeline"));
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot_->axisRect()->setRangeDrag(Qt::Horizontal);
    plot_->axisRect()->setRangeZoom(Qt::Horizontal);
    plot_->setNoAntialiasingOnDrag(true);
    plot_->setAutoAddPlottableToLegend(false);
    plot_->xAxis->setTicker(ticker_);
    plot_->legend->setVisible(false);
    for (auto** const item : {&mark_, &cursor_}) {
        *item = new QCPItemRect(plot_);
        (*item)->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        (*item)->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        (*item)->setVisible(false);
    }
    nothing_ = new QCPItemText(plot_);
    nothing_->position->setType(QCPItemPosition::ptAxisRectRatio);
    nothing_->position->setCoords(0.5, 0.5);
    plot_->installEventFilter(this);
    askTimer_.setSingleShot(true);
    askTimer_.setInterval(askRest);
    connect(&askTimer_, &QTimer::timeout, this, &TimelineChart::ask);
    connect(legend_, &ChartLegend::toggled, this, [this](int category, bool shown) {
        if (shown)
            hidden_.remove(category);
        else
            hidden_.insert(category);
        redraw();
    });
    connect(plot_->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this](const QCPRange& range) {
                if (range.size() < smallestRange) {
                    const QSignalBlocker quiet(plot_->xAxis);
                    plot_->xAxis->setRange(range.center(), smallestRange, Qt::AlignCenter);
                }
                all_ = false;
                redraw();
                emit visibleIntervalChanged();
            });
    makeBars();
    redraw();
}

void TimelineChart::setTimelines(const std::shared_ptr<const Analysis>& analysis)
{
    const bool other = analysis != analysis_ || live_;
    live_.reset();
    analysis_ = analysis;
    failed_.clear();
    if (other) {
        whole_ = layerCounted_ = {};
        pointed_.reset();
    }
    const bool any =
        analysis && (analysis->flowTable() ? analysis->byOutcome.bins() > 0 : analysis->totals.rows.kept > 0);
    if (any)
        setScale(TimeScale(analysis->totals.firstTimestamp, analysis->totals.lastTimestamp));
    makeBars();
    showAll();
    if (any)
        emit stretchesWanted(analysis_);
}

void TimelineChart::setLive(const Timeline& byClass)
{
    const bool begins = !live_;
    live_ = byClass;
    if (byClass.bins() > 0) {
        const std::size_t end = byClass.bins() - 1;
        const auto wide = static_cast<std::int64_t>((std::uint64_t{1} << byClass.shift()) - 1);
        setScale(TimeScale(byClass.start(0), byClass.start(end) + wide));
    }
    if (begins) {
        whole_ = layerCounted_ = {};
        pointed_.reset();
        makeBars();
    }
    showAll();
}

void TimelineChart::setStacking(Stacking stacking)
{
    if (std::exchange(stacking_, stacking) != stacking)
        hidden_.clear();
    makeBars();
    redraw();
}

void TimelineChart::setQuantity(Quantity quantity)
{
    const auto before = wantedCount();
    quantity_ = quantity;
    if (before != wantedCount() || quantity == Quantity::Resets)
        hidden_.clear(); // of other parts
    makeBars();
    redraw();
}

void TimelineChart::setPerSecond(bool on)
{
    perSecond_ = on;
    redraw();
}

void TimelineChart::setLogScale(bool on)
{
    logScale_ = on;
    plot_->yAxis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    makeBars();
    redraw();
}

void TimelineChart::setBinWidth(const std::optional<qint64>& width)
{
    chosenWidth_ = width;
    redraw();
}

void TimelineChart::setLayer(const std::optional<Layer>& layer)
{
    const bool same =
        layer.has_value() == layer_.has_value() &&
        (!layer || (layer->name == layer_->name && layer->narrowing.interval == layer_->narrowing.interval));
    layer_ = layer;
    if (same) // what was counted of it holds
        return;
    layerCounted_ = {};
    makeBars();
    redraw();
}

QString TimelineChart::layerName() const
{
    constexpr qsizetype longest = 40;
    const auto name = layer_ ? layer_->name : QString();
    return name.size() > longest ? name.left(longest) + QChar(0x2026) : name;
}

void TimelineChart::showAll()
{
    if (!nothingToShow()) {
        const QSignalBlocker quiet(plot_->xAxis);
        const double length = std::max(scale_.length(), smallestRange);
        plot_->xAxis->setRange(-length * margin, length * (1 + margin));
    }
    const bool before = std::exchange(all_, true);
    redraw();
    if (!before)
        emit visibleIntervalChanged();
}

void TimelineChart::showInterval(qint64 start, qint64 end)
{
    const double from = coordinateOf(start), to = coordinateOf(end);
    const double room = std::max((to - from) * margin, 2.5);
    plot_->xAxis->setRange(from - room, to + room);
}

void TimelineChart::setVisibleInterval(qint64 start, qint64 end)
{
    if (start < end)
        plot_->xAxis->setRange(coordinateOf(start), coordinateOf(end));
}

std::optional<std::pair<qint64, qint64>> TimelineChart::visibleInterval() const
{
    if (nothingToShow())
        return std::nullopt;
    return std::pair(timeAt(plot_->xAxis->range().lower), timeAt(plot_->xAxis->range().upper));
}

void TimelineChart::setBrush(const std::optional<std::pair<qint64, qint64>>& interval)
{
    brush_ = interval;
    brushFrom_.reset();
    if (!interval)
        markFrom_.reset();
    placeMarks();
    plot_->replot(QCustomPlot::rpQueuedReplot);
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
    // On paper there are no buttons: what is shown stands below the axis, and no cursor.
    const bool pointed = cursor_->visible();
    cursor_->setVisible(false);
    auto* const below = new QCPLayoutGrid;
    auto* const legend = new QCPLegend;
    below->setMargins(QMargins(6, 0, 6, 4));
    plot_->plotLayout()->addElement(1, 0, below);
    below->addElement(0, 0, legend);
    plot_->plotLayout()->setRowStretchFactor(1, 0.001);
    legend->setLayer(QStringLiteral("legend"));
    legend->setBorderPen(Qt::NoPen);
    legend->setBrush(Qt::NoBrush);
    legend->setFillOrder(QCPLegend::foColumnsFirst);
    legend->setWrap(5);
    legend->setRowSpacing(0);
    legend->setTextColor(palette().color(QPalette::Text));
    legend->setFont(font());
    legend->setIconSize(12, 12);
    const auto shown = parts();
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (!isHidden(shown[i].category) && logScale_)
            lines_[qsizetype(i)]->addToLegend(legend);
        else if (!isHidden(shown[i].category))
            bars_[qsizetype(i)]->addToLegend(legend);
    }
    if (layerBars_)
        layerBars_->addToLegend(legend);
    if (layerLine_)
        layerLine_->addToLegend(legend);
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
    plot_->plotLayout()->remove(below);
    plot_->plotLayout()->simplify();
    cursor_->setVisible(pointed);
    plot_->replot(QCustomPlot::rpQueuedReplot);
    return saved ? QString() : tr("%1 could not be written.").arg(shownText(path.toStdString()));
}

void TimelineChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) {
        makeBars();
        redraw();
    }
    QWidget::changeEvent(event);
}

void TimelineChart::paintEvent(QPaintEvent* event)
{
    QWidget::paintEvent(event);
    if (!plot_->hasFocus())
        return;
    QPainter painter(this);
    painter.setPen(QPen(palette().color(QPalette::Highlight), ring));
    painter.drawRect(plot_->geometry().adjusted(-1, -1, 1, 1));
}

void TimelineChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    redraw();
}

} // namespace packetloom
