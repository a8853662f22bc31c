// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/histogram_chart.h"

#include "core/support/text_format.h"
#include "ui/charts/chart_accessibility.h"
#include "ui/charts/elided_label.h"
#include "ui/charts/power_ticker.h"
#include "ui/charts/unit_ticker.h"
#include "ui/messages.h"
#include "ui/models/cell.h"
#include "ui/theme.h"

#include <QLabel>
#include <QPainter>
#include <QPicture>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr int ring = 2;        // pixels: around the plot that has the keyboard
constexpr double gap = 0.6;    // bins, behind those that stand apart
constexpr double lowest = 0.5; // of logarithmic heights
constexpr double headRoom = 1.06;
constexpr int labelSpace = 8;  // pixels between two labels
constexpr int besideAxis = 75; // pixels, about, at both its ends: known only once it is drawn

QColor withAlpha(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

} // namespace

HistogramChart::HistogramChart(QWidget* parent)
    : QWidget(parent), title_(new ElidedLabel), plot_(new QCustomPlot)
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(ring, 0, ring, ring);
    layout->setSpacing(ring);
    layout->addWidget(title_);
    layout->addWidget(plot_, 1);
    tellAsChart(plot_);
    plot_->setFocusPolicy(Qt::StrongFocus);
    plot_->setMouseTracking(true);
    plot_->setAutoAddPlottableToLegend(false);
    plot_->legend->setVisible(false);
    plot_->xAxis->setSubTicks(false);
    plot_->xAxis->grid()->setVisible(false);
    plot_->yAxis->setLabel(tr("flows"));
    bars_ = new QCPBars(plot_->xAxis, plot_->yAxis);
    bars_->setWidth(1);
    bars_->setAntialiased(false);
    mark_ = new QCPItemRect(plot_);
    for (auto* const position : {mark_->topLeft, mark_->bottomRight})
        position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    mark_->setVisible(false);
    nothing_ = new QCPItemText(plot_);
    nothing_->position->setType(QCPItemPosition::ptAxisRectRatio);
    nothing_->position->setCoords(0.5, 0.5);
    nothing_->setClipToAxisRect(false);
    plot_->installEventFilter(this);
    setLogHeights(false);
}

void HistogramChart::setHistogram(const HistogramAxis& axis, const Histogram& histogram)
{
    axis_ = axis;
    histogram_ = histogram;
    pointed_.reset();
    anchor_.reset();
    dragging_ = byKey_ = false;
    nothing_->setText({});
    redraw();
}

void HistogramChart::setNothing(const QString& title, const QString& why)
{
    setHistogram({}, {.title = title, .note = {}, .flows = {}});
    nothing_->setText(why);
    redraw();
}

void HistogramChart::setLogHeights(bool on)
{
    logHeights_ = on;
    plot_->yAxis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (on) {
        plot_->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PowerTicker));
    } else {
        const auto ticker = QSharedPointer<UnitTicker>::create();
        ticker->setWhole(true);
        plot_->yAxis->setTicker(ticker);
    }
    bars_->setBaseValue(on ? lowest : 0);
    redraw();
}

void HistogramChart::setSmall()
{
    small_ = true;
    plot_->yAxis->setLabel({});
    redraw();
}

double HistogramChart::leftOf(int bin) const
{
    return bin + (axis_.apart > 0 && bin >= axis_.apart ? gap : 0);
}

double HistogramChart::middleOf(int bin) const
{
    return plot_->xAxis->coordToPixel(leftOf(bin) + 0.5);
}

std::optional<int> HistogramChart::binAt(double pixel) const
{
    if (count() == 0)
        return std::nullopt;
    const double x = plot_->xAxis->pixelToCoord(pixel);
    int bin = 0;
    while (bin + 1 < count() && x >= leftOf(bin + 1))
        ++bin;
    return bin;
}

std::optional<std::pair<int, int>> HistogramChart::marked() const
{
    if (!pointed_)
        return std::nullopt;
    return std::minmax(*pointed_, anchor_.value_or(*pointed_));
}

quint64 HistogramChart::flowsIn(std::pair<int, int> bins) const
{
    return std::accumulate(histogram_.flows.begin() + bins.first, histogram_.flows.begin() + bins.second + 1,
                           quint64{0});
}

QString HistogramChart::readout() const
{
    const auto bins = marked();
    if (!bins)
        return {};
    const auto flows = flowsIn(*bins);
    const auto range = bins->first == bins->second
                           ? axis_.ranges[bins->first]
                           : tr("%1 – %2").arg(axis_.from[bins->first], axis_.to[bins->second]);
    const auto share = QString::fromStdString(percent(flows, histogram_.all));
    return (flows == 1 ? tr("%1: 1 flow (%2)").arg(range, share)
                       : tr("%1: %2 flows (%3)").arg(range, shownNumber(flows), share));
}

void HistogramChart::redraw()
{
    const bool any = count() > 0;
    const auto title =
        histogram_.note.isEmpty() ? histogram_.title : tr("%1: %2").arg(histogram_.title, histogram_.note);
    title_->setText(title);
    title_->setToolTip(plainToolTip(title));
    QVector<double> keys, heights;
    for (int bin = 0; bin < count(); ++bin) {
        if (histogram_.flows[bin] == 0) // no height, on a logarithmic scale as well
            continue;
        keys << leftOf(bin) + 0.5;
        heights << static_cast<double>(histogram_.flows[bin]);
    }
    bars_->setData(keys, heights, true);
    const auto highest = static_cast<double>(std::max<quint64>(histogram_.highest, 1));
    plot_->yAxis->setRange(logHeights_ ? QCPRange(lowest, highest * 2) : QCPRange(0, highest * headRoom));
    plot_->xAxis->setRange(any ? QCPRange(-gap / 2, leftOf(count() - 1) + 1 + gap / 2) : QCPRange(0, 1));
    plot_->xAxis->setLabel(small_ ? QString() : axis_.label);
    for (auto* const axis : {plot_->xAxis, plot_->yAxis})
        axis->setVisible(any);
    nothing_->setVisible(!any);
    colour(palette());
    placeTicks(plot_->width());
    placeMarks();
    describe();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

// As many labels as there is room for, the heavier first. The bins that stand apart have theirs in any case.
void HistogramChart::placeTicks(int width)
{
    const QFontMetrics metrics(font());
    const double perBin = (width - besideAxis) / std::max(plot_->xAxis->range().size(), 1.0);
    const auto at = [&](const HistogramAxis::Tick& tick) {
        if (tick.within)
            return leftOf(tick.bin) + 0.5;
        return tick.bin < count() ? leftOf(tick.bin) : leftOf(count() - 1) + 1;
    };
    int heaviest = 0;
    for (const auto& tick : axis_.ticks)
        heaviest = std::max(heaviest, tick.weight);
    const auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    for (int least = 0; least <= heaviest && count() > 0; ++least) {
        ticker->clear();
        double end = -1e9, endApart = end;
        bool fits = true;
        for (const auto& tick : axis_.ticks) {
            if (tick.weight < least)
                continue;
            const double middle = at(tick) * perBin, half = metrics.horizontalAdvance(tick.label) / 2.0;
            if (tick.bin < axis_.apart)
                endApart = middle + half;
            else if (middle - half < endApart + labelSpace)
                continue;
            const bool free = middle - half >= end + labelSpace;
            fits = fits && free;
            if (free || least < heaviest)
                ticker->addTick(at(tick), tick.label);
            if (free)
                end = middle + half;
        }
        if (fits)
            break;
    }
    plot_->xAxis->setTicker(ticker);
}

void HistogramChart::placeMarks()
{
    const auto bins = marked();
    mark_->setVisible(bins.has_value());
    if (bins) {
        mark_->topLeft->setCoords(leftOf(bins->first), 0);
        mark_->bottomRight->setCoords(leftOf(bins->second) + 1, 1);
    }
}

void HistogramChart::colour(const QPalette& palette)
{
    const auto text = palette.color(QPalette::Text);
    const auto faint = withAlpha(text, 45);
    const auto bar = palette.color(QPalette::Highlight);
    plot_->setBackground(palette.color(QPalette::Base));
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
    // A line of the background's between two bars, where that leaves something of them.
    const bool wide = count() > 0 && plot_->width() - besideAxis > 5 * count();
    bars_->setPen(wide ? QPen(palette.color(QPalette::Base)) : QPen(Qt::NoPen));
    bars_->setBrush(bar);
    mark_->setPen(QPen(withAlpha(text, 160)));
    mark_->setBrush(withAlpha(text, 40));
    nothing_->setColor(text);
    nothing_->setFont(font());
}

// For who does not see it.
void HistogramChart::describe()
{
    plot_->setAccessibleName(histogram_.title.isEmpty() ? tr("Histogram") : histogram_.title);
    if (count() == 0) {
        plot_->setAccessibleDescription(nothing_->text());
        return;
    }
    QStringList told;
    if (!histogram_.note.isEmpty())
        told << histogram_.note;
    const auto highest = std::max_element(histogram_.flows.constBegin(), histogram_.flows.constEnd());
    told << tr("most flows: %1, at %2")
                .arg(shownNumber(*highest), axis_.ranges[highest - histogram_.flows.constBegin()]);
    plot_->setAccessibleDescription(told.join(QStringLiteral("; ")));
}

void HistogramChart::paintTo(QPainter& painter, const QRect& rect)
{
    const auto light = paletteOf(Theme::Light);
    const QFontMetrics metrics(font());
    painter.setFont(font());
    painter.setPen(light.color(QPalette::Text));
    painter.drawText(rect.left(), rect.top() + metrics.ascent(),
                     metrics.elidedText(title_->text(), Qt::ElideRight, rect.width()));
    const bool marked = mark_->visible();
    mark_->setVisible(false);
    colour(light);
    placeTicks(rect.width());
    // A painter of the plot's own kind is needed, so what it draws is kept and drawn again.
    QPicture picture;
    {
        QCPPainter onPicture(&picture);
        onPicture.setMode(QCPPainter::pmVectorized);
        plot_->toPainter(&onPicture, rect.width(), rect.height() - metrics.lineSpacing());
    }
    painter.drawPicture(rect.left(), rect.top() + metrics.lineSpacing(), picture);
    mark_->setVisible(marked);
    redraw();
}

void HistogramChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        redraw();
    QWidget::changeEvent(event);
}

void HistogramChart::paintEvent(QPaintEvent* event)
{
    QWidget::paintEvent(event);
    if (!plot_->hasFocus())
        return;
    QPainter painter(this);
    painter.setPen(QPen(palette().color(QPalette::Highlight), ring));
    painter.drawRect(plot_->geometry().adjusted(-1, -1, 1, 1));
}

void HistogramChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layout()->activate();
    redraw();
}

} // namespace packetloom
