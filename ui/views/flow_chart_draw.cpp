// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What the charts of a flow look like, on the screen and on paper.

#include "ui/charts/chart_legend.h"
#include "ui/charts/flow_colors.h"
#include "ui/theme.h"
#include "ui/views/flow_chart.h"
#include "ui/views/trace_plots.h"

#include <QPainter>
#include <QPicture>
#include <algorithm>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr double headRoom = 0.06;
constexpr double letterRoom = 26;  // pixels, for letters above the highest
constexpr double smallestRoom = 1; // above what is drawn

QColor withAlpha(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

} // namespace

// What limits the rest (windows) is in it as far as it does not squeeze the rest.
void FlowChart::fitHeight()
{
    std::optional<QCPRange> seen;
    double limit = 0, leastLimit = 0;
    bool limited = false;
    const QCPRange times = plot_->xAxis->range();
    for (const Spot& spot : spots_) {
        if (spot.x + spot.width < times.lower || spot.x > times.upper || isHidden(spot.series))
            continue;
        if (isLimit(spot.series)) {
            limit = limited ? std::max(limit, spot.most) : spot.most;
            leastLimit = limited ? std::min(leastLimit, spot.least) : spot.least;
            limited = true;
            continue;
        }
        if (!seen)
            seen = QCPRange(spot.least, spot.most);
        seen->expand(spot.least);
        seen->expand(spot.most);
    }
    if (!seen && !limited)
        return;
    if (!seen)
        seen = QCPRange(limit, limit);
    if (fromZero())
        seen->lower = 0;
    if (const double reach = seen->upper + std::max(seen->size(), 1.0); leastLimit <= reach)
        seen->upper = std::max(seen->upper, std::min(limit, reach));
    const double room = std::max(seen->size() * headRoom, smallestRoom);
    const double above = seen->size() * letterRoom / std::max(plot_->height() - 2 * letterRoom, letterRoom);
    moving_ = true;
    plot_->yAxis->setRange(fromZero() ? 0 : seen->lower - room, seen->upper + std::max(room, above));
    moving_ = false;
}

// A line that is named and not to be seen wants a word.
QString FlowChart::aboveText() const
{
    QStringList above;
    const QCPRange times = plot_->xAxis->range(), heights = plot_->yAxis->range();
    for (const Series& one : series()) {
        if (!isLimit(one.id) || isHidden(one.id))
            continue;
        bool any = false, seen = false;
        for (const Spot& spot : spots_) {
            if (spot.series != one.id || spot.x > times.upper)
                continue;
            any = true;
            seen = seen || spot.least <= heights.upper;
        }
        if (any && !seen)
            above << one.name;
    }
    return above.isEmpty() ? QString()
                           : tr("%1: higher than what is shown").arg(above.join(QStringLiteral(", ")));
}

void FlowChart::colour(const QPalette& palette)
{
    const bool dark = isDark(palette);
    const auto text = palette.color(QPalette::Text);
    const auto faint = withAlpha(text, 45);
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
    for (const Series& one : trace_ ? series() : QVector<Series>()) {
        const auto color = traceColor(one.ink, dark);
        one.plot->setPen(QPen(color, 1.4, one.dashed ? Qt::DashLine : Qt::SolidLine));
        one.plot->setBrush(Qt::NoBrush);
        one.plot->setName(one.name);
    }
    const auto cursor = traceColor(TraceInk::Cursor, dark);
    cursorLine_->setPen(QPen(cursor, 1.4, Qt::DashDotLine));
    ring_->setPen(QPen(cursor, 2));
    ring_->setBrush(Qt::NoBrush);
    const auto mark = palette.color(QPalette::Highlight);
    band_->setPen(QPen(mark));
    band_->setBrush(withAlpha(mark, 60));
    nothing_->setColor(text);
    nothing_->setFont(font());
    recolour(dark);
}

void FlowChart::showLegend()
{
    QVector<ChartLegend::Part> parts;
    const bool any = trace_ && emptyText().isEmpty();
    for (const Series& one : any ? series() : QVector<Series>()) {
        parts << ChartLegend::Part{one.id, one.name, traceColor(one.ink, isDark(palette())),
                                   !isHidden(one.id), one.dashed};
    }
    legend_->setParts(parts);
}

void FlowChart::addSpans(SpanPlot* plot, const TraceLens& lens, std::size_t side, TraceFigure figure,
                         int series, std::vector<Spot>& spots) const
{
    QVector<SpanPlot::Span> spans;
    const double width = lens.detailed() ? 0 : static_cast<double>(lens.columnWidth());
    for (const TracePoint& point : lens.points(side, figure)) {
        const double x = xOf(point.time);
        const auto least = static_cast<double>(point.least), most = static_cast<double>(point.most);
        spans.append({x, width, least, most});
        spots.push_back({x, width, least, most, series, side, point.packet});
    }
    plot->setSpans(std::move(spans));
}

void FlowChart::addStairs(QCPGraph* line, const TraceLens& lens, std::size_t side, TraceFigure figure,
                          int series, std::vector<Spot>& spots) const
{
    QVector<double> keys, values;
    const double width = lens.detailed() ? 0 : static_cast<double>(lens.columnWidth());
    for (const TracePoint& point : lens.points(side, figure)) {
        const double x = xOf(point.time);
        const auto least = static_cast<double>(point.least), most = static_cast<double>(point.most);
        keys << x;
        values << least;
        if (most > least) { // all that it was within the column
            keys << x + width;
            values << most;
        }
        spots.push_back({x, width, least, most, series, side, point.packet});
    }
    if (!keys.isEmpty()) { // as long as nothing else is told
        const double end = std::max(keys.last(), std::min(xOf(end_), plot_->xAxis->range().upper));
        keys << end;
        values << values.last();
    }
    line->setData(keys, values, true);
}

void FlowChart::paintTo(QPainter& painter, const QRect& rect)
{
    const bool pointed = ring_->visible(), line = cursorLine_->visible();
    ring_->setVisible(false);
    cursorLine_->setVisible(false);
    colour(paletteOf(Theme::Light));
    // On paper there are no buttons: what is shown stands below the axis.
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
    legend->setTextColor(paletteOf(Theme::Light).color(QPalette::Text));
    legend->setFont(font());
    legend->setIconSize(14, 12);
    for (const Series& one : trace_ ? series() : QVector<Series>()) {
        if (one.plot->visible())
            one.plot->addToLegend(legend);
    }
    // A painter of the plot's own kind is needed, so what it draws is kept and drawn again.
    QPicture picture;
    {
        QCPPainter onPicture(&picture);
        onPicture.setMode(QCPPainter::pmVectorized);
        plot_->toPainter(&onPicture, rect.width(), rect.height());
    }
    painter.drawPicture(rect.topLeft(), picture);
    plot_->plotLayout()->remove(below);
    plot_->plotLayout()->simplify();
    ring_->setVisible(pointed);
    cursorLine_->setVisible(line);
    colour(palette());
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace packetloom
