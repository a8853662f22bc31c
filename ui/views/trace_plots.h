// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QVector>
#include <cstdint>
#include <qcustomplot.h>

namespace packetloom {

/// The ground of the plottables here: points and bars over time that are given once and drawn in the order of
/// the axis.
class TracePlot : public QCPAbstractPlottable
{
public:
    TracePlot(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {}

    double selectTest(const QPointF& /*at*/, bool /*onlySelectable*/, QVariant* /*details*/) const override
    {
        return -1; // charts look for what is under the pointer by themselves
    }
    // The charts set their ranges by themselves.
    QCPRange getKeyRange(bool& found, QCP::SignDomain /*domain*/) const override { return none(found); }
    QCPRange getValueRange(bool& found, QCP::SignDomain /*domain*/, const QCPRange& /*keys*/) const override
    {
        return none(found);
    }

private:
    static QCPRange none(bool& found)
    {
        found = false;
        return {};
    }
};

/// A point where least and most are one, else a bar over a column of time.
class SpanPlot final : public TracePlot
{
public:
    enum class Shape : std::uint8_t { Disc, Diamond };
    struct Span
    {
        double x = 0, width = 0;
        double least = 0, most = 0;
    };

    SpanPlot(QCPAxis* keyAxis, QCPAxis* valueAxis, Shape shape) : TracePlot(keyAxis, valueAxis), shape_(shape)
    {
    }
    void setSpans(QVector<Span> spans) { spans_ = std::move(spans); }

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

private:
    void drawPoint(QCPPainter* painter, const QPointF& at) const;

    Shape shape_;
    QVector<Span> spans_;
};

/// Segments of one side as tcptrace draws them: a bar from the first number to one behind the last, with
/// arrow ends; letters where one was special.
class SegmentPlot final : public TracePlot
{
public:
    enum class Kind : std::uint8_t { Plain, Retransmission, OutOfOrder };
    struct Segment
    {
        double x = 0, width = 0; ///< of a column of time that holds many; else 0
        double first = 0, end = 0;
        Kind kind = Kind::Plain;
        QString letters; ///< "R", "SYN"; may be empty
    };

    using TracePlot::TracePlot;
    void setSegments(QVector<Segment> segments) { segments_ = std::move(segments); }
    void setInk(Kind kind, const QColor& color) { inks_[static_cast<std::size_t>(kind)] = color; }
    void setLetterFont(const QFont& font) { font_ = font; }
    [[nodiscard]] const QVector<Segment>& segments() const { return segments_; }

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

private:
    QVector<Segment> segments_;
    std::array<QColor, 3> inks_;
    QFont font_;
};

/// Numbers that were never captured: a dashed bar.
class GapPlot final : public TracePlot
{
public:
    struct Gap
    {
        double x = 0, first = 0, end = 0;
    };

    using TracePlot::TracePlot;
    void setGaps(QVector<Gap> gaps) { gaps_ = std::move(gaps); }

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

private:
    QVector<Gap> gaps_;
};

} // namespace packetloom
