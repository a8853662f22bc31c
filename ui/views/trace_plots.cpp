// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/trace_plots.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr double dot = 2.5;       // half of a point, pixels
constexpr double arrow = 3;       // half of an arrow's end
constexpr double room = 4;        // between a bar and its letters
constexpr double letterRest = 12; // from one mark's letters to the next that are drawn

bool isSeen(const QCPAxis& axis, double from, double to)
{
    return to >= axis.range().lower && from <= axis.range().upper;
}

/// Nothing that is drawn lies farther away than this: a zoom may put coordinates beyond what painters know.
double bounded(double pixel)
{
    constexpr double most = 20'000;
    return std::clamp(pixel, -most, most);
}

} // namespace

void SpanPlot::drawPoint(QCPPainter* painter, const QPointF& at) const
{
    if (shape_ == Shape::Disc) {
        painter->drawEllipse(at, dot, dot);
        return;
    }
    constexpr double wide = dot * 1.3;
    painter->drawPolygon(QPolygonF{at + QPointF(0, -wide), at + QPointF(wide, 0), at + QPointF(0, wide),
                                   at + QPointF(-wide, 0)});
}

void SpanPlot::draw(QCPPainter* painter)
{
    applyDefaultAntialiasingHint(painter);
    painter->setPen(Qt::NoPen);
    painter->setBrush(pen().color());
    for (const Span& span : spans_) {
        if (!isSeen(*keyAxis(), span.x, span.x + span.width))
            continue;
        const double x = keyAxis()->coordToPixel(span.x + span.width / 2);
        const double low = bounded(valueAxis()->coordToPixel(span.least)),
                     high = bounded(valueAxis()->coordToPixel(span.most));
        if (low - high < 2 * dot) {
            drawPoint(painter, {x, (low + high) / 2});
            continue;
        }
        const double wide =
            std::max(1.5, keyAxis()->coordToPixel(span.x + span.width) - keyAxis()->coordToPixel(span.x));
        painter->drawRect(QRectF(x - wide / 2, high, wide, low - high));
    }
}

void SpanPlot::drawLegendIcon(QCPPainter* painter, const QRectF& rect) const
{
    painter->setPen(Qt::NoPen);
    painter->setBrush(pen().color());
    drawPoint(painter, rect.center());
}

void SegmentPlot::draw(QCPPainter* painter)
{
    painter->setAntialiasing(false);
    painter->setFont(font_);
    struct Letters
    {
        QPointF at;
        QString text;
        QColor color;
    };
    QVector<Letters> letters;
    for (const Segment& segment : segments_) {
        if (!isSeen(*keyAxis(), segment.x, segment.x + segment.width))
            continue;
        const QColor& color = inks_[static_cast<std::size_t>(segment.kind)];
        const double x = keyAxis()->coordToPixel(segment.x + segment.width / 2);
        const double low = bounded(valueAxis()->coordToPixel(segment.first)),
                     high = bounded(valueAxis()->coordToPixel(segment.end));
        if (segment.width > 0) {
            const double wide = std::max(1.0, keyAxis()->coordToPixel(segment.x + segment.width) -
                                                  keyAxis()->coordToPixel(segment.x));
            painter->setPen(Qt::NoPen);
            painter->setBrush(color);
            painter->drawRect(QRectF(x - wide / 2, high, wide, std::max(low - high, 2.0)));
        } else {
            painter->setPen(QPen(color, segment.kind == Kind::Plain ? 1.2 : 1.8));
            painter->setBrush(Qt::NoBrush);
            const double shown = std::max(low - high, 2.0);
            painter->drawLine(QPointF(x, low), QPointF(x, low - shown));
            if (shown >= 2 * arrow + 1) { // both ends point outwards
                painter->drawLine(QPointF(x - arrow, high + arrow), QPointF(x, high));
                painter->drawLine(QPointF(x + arrow, high + arrow), QPointF(x, high));
                painter->drawLine(QPointF(x - arrow, low - arrow), QPointF(x, low));
                painter->drawLine(QPointF(x + arrow, low - arrow), QPointF(x, low));
            }
        }
        if (!segment.letters.isEmpty())
            letters.append({{x, high - room}, segment.letters, color});
    }
    // Over all bars; those that would stand on others are left out.
    QPointF last(-1e9, -1e9);
    for (const Letters& mark : letters) {
        const auto away = mark.at - last;
        if (std::max(std::abs(away.x()), std::abs(away.y())) < letterRest)
            continue;
        last = mark.at;
        painter->setPen(mark.color);
        const QRectF place(mark.at.x() - 30, mark.at.y() - 20, 60, 20);
        painter->drawText(place, Qt::AlignHCenter | Qt::AlignBottom, mark.text);
    }
}

void SegmentPlot::drawLegendIcon(QCPPainter* painter, const QRectF& rect) const
{
    painter->setAntialiasing(false);
    painter->setPen(QPen(inks_[0], 1.2));
    const double x = rect.center().x();
    painter->drawLine(QPointF(x, rect.bottom()), QPointF(x, rect.top()));
    for (const double side : {-arrow, arrow}) {
        painter->drawLine(QPointF(x + side, rect.top() + arrow), QPointF(x, rect.top()));
        painter->drawLine(QPointF(x + side, rect.bottom() - arrow), QPointF(x, rect.bottom()));
    }
}

void GapPlot::draw(QCPPainter* painter)
{
    painter->setAntialiasing(false);
    painter->setPen(QPen(pen().color(), 1.6, Qt::DotLine));
    for (const Gap& gap : gaps_) {
        if (!isSeen(*keyAxis(), gap.x, gap.x))
            continue;
        const double x = keyAxis()->coordToPixel(gap.x);
        const double low = bounded(valueAxis()->coordToPixel(gap.first)),
                     high = bounded(valueAxis()->coordToPixel(gap.end));
        painter->drawLine(QPointF(x, low), QPointF(x, high));
        painter->drawLine(QPointF(x - arrow, low), QPointF(x + arrow, low));
        painter->drawLine(QPointF(x - arrow, high), QPointF(x + arrow, high));
    }
}

void GapPlot::drawLegendIcon(QCPPainter* painter, const QRectF& rect) const
{
    painter->setPen(QPen(pen().color(), 1.6, Qt::DotLine));
    painter->drawLine(QPointF(rect.center().x(), rect.bottom()), QPointF(rect.center().x(), rect.top()));
}

} // namespace packetloom
