// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What the timeline looks like.

#include "core/support/text_format.h"
#include "ui/charts/chart_legend.h"
#include "ui/charts/flow_colors.h"
#include "ui/charts/power_ticker.h"
#include "ui/charts/time_ticker.h"
#include "ui/charts/timeline_chart.h"
#include "ui/messages.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr int layerId = -1;    // in the legend, where parts have their category
constexpr double lowest = 0.5; // of a logarithmic scale, for counts

/// Numbers with digit groups, which QCustomPlot's own ticker does not write in the C locale.
class NumberTicker final : public QCPAxisTicker
{
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override
    {
        if (tick < 0)
            return {};
        return tick == std::floor(tick) ? shownNumber(static_cast<std::uint64_t>(tick))
                                        : QString::number(tick, 'g', 4);
    }
};

QColor withAlpha(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

} // namespace

void TimelineChart::makeBars()
{
    for (auto* const bar : bars_)
        plot_->removePlottable(bar);
    for (auto* const line : lines_)
        plot_->removePlottable(line);
    if (layerBars_)
        plot_->removePlottable(layerBars_);
    if (layerLine_)
        plot_->removePlottable(layerLine_);
    bars_.clear();
    lines_.clear();
    layerBars_ = nullptr;
    layerLine_ = nullptr;
    const auto newBars = [this](const QString& name) {
        auto* const bar = new QCPBars(plot_->xAxis, plot_->yAxis);
        bar->setWidthType(QCPBars::wtPlotCoords);
        bar->setAntialiased(false);
        bar->setStackingGap(0);
        bar->setName(name);
        return bar;
    };
    const auto newLine = [this](const QString& name) {
        auto* const line = new QCPGraph(plot_->xAxis, plot_->yAxis);
        line->setLineStyle(QCPGraph::lsStepLeft);
        line->setAntialiased(false);
        line->setName(name);
        return line;
    };
    for (const Part& part : parts()) {
        if (logScale_) {
            lines_ << newLine(part.name);
            continue;
        }
        auto* const bar = newBars(part.name);
        if (!bars_.isEmpty())
            bar->moveAbove(bars_.last());
        bars_ << bar;
    }
    if (layer_ && logScale_)
        layerLine_ = newLine(layerName());
    else if (layer_)
        layerBars_ = newBars(layerName());
    if (logScale_)
        plot_->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PowerTicker));
    else
        plot_->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new NumberTicker));
    recolour();
}

void TimelineChart::redraw()
{
    const double before = columns_.width;
    chooseColumns();
    ticker_->setPixels(width());
    drawColumns();
    drawLayer();
    const bool any = !nothingToShow();
    nothing_->setText(!any                    ? tr("No packets yet")
                      : !failed_.isEmpty()    ? failed_
                      : columns_.count() == 0 ? tr("Counting…")
                                              : QString());
    nothing_->setVisible(!nothing_->text().isEmpty() && !(any && seenRanges().empty()));
    plot_->xAxis->setVisible(any);
    plot_->yAxis->setVisible(any);
    placeMarks();
    showLegend();
    showReadout();
    plot_->replot(QCustomPlot::rpQueuedReplot);
    if (before != columns_.width)
        emit binWidthShown();
}

void TimelineChart::drawColumns()
{
    const auto shown = parts();
    QVector<double> keys;
    for (const TimeRange& range : columns_.ranges)
        keys << coordinateOf(range.first);
    const double floor_ = perSecond_ && columns_.width > 0 ? lowest * 1e6 / columns_.width : lowest;
    double highest = 0;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        QVector<double> values;
        for (std::size_t column = 0; column < columns_.count(); ++column)
            values << (isHidden(shown[i].category) ? 0 : valueOf(columns_.cell(column, shown[i].category)));
        if (!logScale_) {
            QVector<double> middles = keys;
            for (double& middle : middles)
                middle += columns_.width / 2;
            bars_[qsizetype(i)]->setWidth(columns_.width);
            bars_[qsizetype(i)]->setData(middles, values, true);
            continue;
        }
        QVector<double> lineKeys, lineValues; // a step a bin; nothing is drawn where there is none
        for (qsizetype column = 0; column < values.size(); ++column) {
            const double value = values[column];
            highest = std::max(highest, value);
            lineKeys << keys[column];
            lineValues << (value > 0 ? value : floor_ / 10);
            const bool last =
                column + 1 == values.size() || keys[column + 1] - keys[column] > columns_.width * 1.5;
            if (last) {
                lineKeys << keys[column] + columns_.width << keys[column] + columns_.width;
                lineValues << lineValues.last() << std::numeric_limits<double>::quiet_NaN();
            }
        }
        lines_[qsizetype(i)]->setData(lineKeys, lineValues, true);
        lines_[qsizetype(i)]->setVisible(!isHidden(shown[i].category));
    }
    for (std::size_t column = 0; !logScale_ && column < columns_.count(); ++column) {
        double sum = 0;
        for (const Part& part : shown)
            sum += isHidden(part.category) ? 0 : valueOf(columns_.cell(column, part.category));
        highest = std::max(highest, sum);
    }
    auto unit = quantity_ == Quantity::Packets     ? tr("packets")
                : quantity_ == Quantity::Bytes     ? tr("bytes")
                : quantity_ == Quantity::NewFlows  ? tr("new flows")
                : quantity_ == Quantity::OpenFlows ? tr("open flows")
                                                   : tr("resets");
    if (perSecond_ && quantity_ != Quantity::OpenFlows)
        unit = tr("%1 per second").arg(unit);
    plot_->yAxis->setLabel(unit);
    if (logScale_)
        plot_->yAxis->setRange(floor_, std::max(highest * 2, floor_ * 4));
    else
        plot_->yAxis->setRange(0, highest > 0 ? highest * 1.05 : 1);
}

void TimelineChart::drawLayer()
{
    if (!layerBars_ && !layerLine_)
        return;
    const bool shown = !hidden_.contains(layerId);
    if (layerBars_)
        layerBars_->setVisible(shown);
    else
        layerLine_->setVisible(shown);
    QVector<double> keys, values;
    for (std::size_t column = 0; column < layerColumns_.count(); ++column) {
        double sum = 0;
        for (const Part& part : parts())
            sum += isHidden(part.category) ? 0 : valueOf(layerColumns_.cell(column, part.category));
        keys << coordinateOf(layerColumns_.ranges[column].first) + layerColumns_.width / 2;
        values << sum;
    }
    if (layerBars_) {
        layerBars_->setWidth(layerColumns_.width > 0 ? layerColumns_.width : 1);
        layerBars_->setData(keys, values, true);
        return;
    }
    for (double& key : keys)
        key -= layerColumns_.width / 2;
    for (double& value : values)
        value = std::max(value, lowest / 1e6);
    layerLine_->setData(keys, values, true);
}

void TimelineChart::placeMarks()
{
    const bool any = !nothingToShow();
    if (brush_ && !brushFrom_) {
        mark_->topLeft->setCoords(coordinateOf(brush_->first), 0);
        mark_->bottomRight->setCoords(coordinateOf(brush_->second), 1);
    }
    mark_->setVisible(any && (brush_ || brushFrom_));
    const std::size_t column = pointed_ ? columns_.columnAt(*pointed_) : columns_.count();
    cursor_->setVisible(column < columns_.count());
    if (column < columns_.count()) {
        const double from = coordinateOf(columns_.ranges[column].first);
        cursor_->topLeft->setCoords(from, 0);
        cursor_->bottomRight->setCoords(from + columns_.width, 1);
    }
}

void TimelineChart::makeGapMarks()
{
    for (auto* const item : gapMarks_)
        plot_->removeItem(item);
    gapMarks_.clear();
    for (const auto& gap : scale_.gaps()) {
        auto* const slot = new QCPItemRect(plot_);
        slot->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        slot->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        slot->topLeft->setCoords(gap.from, 0);
        slot->bottomRight->setCoords(gap.to, 1);
        auto* const text = new QCPItemText(plot_);
        text->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        text->position->setCoords((gap.from + gap.to) / 2, 0.5);
        text->setRotation(-90);
        text->setText(QString::fromStdString(timeSpan(gap.length)));
        gapMarks_ << slot << text;
    }
    recolour();
}

void TimelineChart::recolour()
{
    const auto text = palette().color(QPalette::Text);
    const auto faint = withAlpha(text, 45);
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
    nothing_->setColor(palette().color(QPalette::PlaceholderText));
    nothing_->setFont(font());
    for (qsizetype i = 0; i < gapMarks_.size(); i += 2) {
        auto* const slot = static_cast<QCPItemRect*>(gapMarks_[i]);
        slot->setPen(QPen(withAlpha(text, 120), 0, Qt::DashLine));
        slot->setBrush(QBrush(withAlpha(text, 60), Qt::BDiagPattern));
        auto* const label = static_cast<QCPItemText*>(gapMarks_[i + 1]);
        label->setColor(text);
        label->setFont(font());
        label->setBrush(palette().color(QPalette::Base));
        label->setPadding(QMargins(4, 1, 4, 1));
    }
    const auto shown = parts();
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const auto color = layer_ ? withAlpha(shown[i].color, 90) : shown[i].color;
        if (logScale_) {
            lines_[qsizetype(i)]->setPen(QPen(color, 1.6));
            lines_[qsizetype(i)]->setBrush(Qt::NoBrush);
        } else {
            bars_[qsizetype(i)]->setPen(Qt::NoPen);
            bars_[qsizetype(i)]->setBrush(color);
        }
    }
    if (layerBars_) {
        layerBars_->setPen(Qt::NoPen);
        layerBars_->setBrush(text);
    }
    if (layerLine_)
        layerLine_->setPen(QPen(text, 2.2));
    const auto mark = palette().color(QPalette::Highlight);
    mark_->setPen(QPen(mark));
    mark_->setBrush(withAlpha(mark, 60));
    cursor_->setPen(QPen(withAlpha(text, 160)));
    cursor_->setBrush(withAlpha(text, 30));
}

void TimelineChart::showLegend()
{
    // Only of what there is, anywhere in the capture.
    const Timeline* all = live_ ? &*live_ : nullptr;
    if (!all && analysis_)
        all = wantedCount() == TimelineCount::PacketsByClass ? &analysis_->byClass : &analysis_->byOutcome;
    const bool any = !nothingToShow();
    QVector<ChartLegend::Part> entries;
    for (const Part& part : parts()) {
        bool here = false;
        for (std::size_t bin = 0; all && part.category < all->categories() && bin < all->bins() && !here;
             ++bin)
            here = all->cell(bin, part.category).packets > 0;
        if (here)
            entries << ChartLegend::Part{static_cast<int>(part.category), part.name, part.color,
                                         !isHidden(part.category)};
    }
    if (layer_ && any)
        entries << ChartLegend::Part{layerId, tr("in front: %1").arg(layerName()),
                                     palette().color(QPalette::Text), !hidden_.contains(layerId)};
    legend_->setParts(entries);
}

} // namespace packetloom
