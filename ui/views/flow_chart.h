// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/charts/trace_colors.h"
#include "ui/views/flow_part.h"
#include "ui/views/trace_lens.h"

#include <QSet>
#include <QVector>
#include <array>
#include <optional>
#include <utility>

class QCPAbstractPlottable;
class QCPGraph;
class QCPItemRect;
class QCPItemStraightLine;
class QCPItemText;
class QCPItemTracer;
class QCustomPlot;
class QHBoxLayout;
class QLabel;

namespace packetloom {

class ChartLegend;
class SpanPlot;

/// What all charts of a flow have in common: an axis of time since the flow's first packet, a cursor, the
/// value under the pointer, zoom and pan, a legend whose parts can be hidden, and paper. A kind of chart says
/// what is drawn of what is seen.
///
/// Wheel: zoom; drag: move; Shift+drag: zoom to that; double click: all; click: the cursor. By key: left and
/// right arrow move the cursor from value to value, with Ctrl they move the view; plus and minus zoom, Page
/// Up and Page Down move by a page, Home shows all.
class FlowChart : public FlowPart
{
    Q_OBJECT

public:
    void show(std::shared_ptr<const FlowTrace> trace) final;
    void setCursor(std::uint64_t row) final;
    void paintTo(QPainter& painter, const QRect& rect) final;
    [[nodiscard]] QString note() const override;

    /// Microseconds since the epoch. Tells nobody.
    void see(qint64 from, qint64 to);
    void seeAll();
    /// What is seen; all of it as long as nobody zoomed.
    [[nodiscard]] std::pair<qint64, qint64> seen() const;
    /// What is said of the value under the pointer or cursor, or of all.
    [[nodiscard]] QString readout() const;
    /// Why there is nothing to see; empty where there is something.
    [[nodiscard]] QString emptyText() const;
    [[nodiscard]] QCustomPlot* plot() const { return plot_; }

signals:
    /// By the user.
    void seenMoved(qint64 from, qint64 to);

protected:
    /// Something that is drawn and can be pointed at.
    struct Spot
    {
        double x = 0, width = 0; ///< of the time axis
        double least = 0, most = 0;
        int series = 0;
        std::size_t index = 0;             ///< whatever the chart wants to know of it
        std::optional<std::size_t> packet; ///< index into FlowTrace::packets
    };
    struct Series
    {
        int id = 0;
        QString name;
        TraceInk ink{};
        QCPAbstractPlottable* plot = nullptr;
        bool dashed = false;
    };
    enum class Zoom : std::uint8_t { Time, TimeAndHeight };

    FlowChart(const QString& name, Zoom zoom, QWidget* parent);

    // What a kind of chart says.
    /// Why it has nothing to show of the trace; empty where it has.
    [[nodiscard]] virtual QString nothing() const = 0;
    /// Fills the plots with what is seen, adds a spot for each value, and says what there is in a line.
    virtual QString draw(const TraceLens& lens, std::vector<Spot>& spots) = 0;
    [[nodiscard]] virtual QString spotText(const Spot& spot) const = 0;
    [[nodiscard]] virtual QVector<Series> series() const = 0;
    /// Another trace is there, maybe of another flow.
    virtual void traceChanged() {}
    /// Colours beyond those of the series.
    virtual void recolour(bool /*dark*/) {}
    /// The height begins at zero.
    [[nodiscard]] virtual bool fromZero() const { return true; }

    /// A line that what is drawn keeps below; it need not be seen.
    [[nodiscard]] virtual bool isLimit(int /*series*/) const { return false; }

    /// For constructors: a control before the legend.
    void addControl(QWidget* control);
    /// A figure as points and bars; its spots are of this series.
    void addSpans(SpanPlot* plot, const TraceLens& lens, std::size_t side, TraceFigure figure, int series,
                  std::vector<Spot>& spots) const;
    /// The same as a line of stairs: a value holds until the next one.
    void addStairs(QCPGraph* line, const TraceLens& lens, std::size_t side, TraceFigure figure, int series,
                   std::vector<Spot>& spots) const;
    /// "1.234567 s", or of a stretch "1.2 to 1.3 s".
    [[nodiscard]] QString spotTime(const Spot& spot) const;
    [[nodiscard]] bool isHidden(int series) const { return hidden_.contains(series); }
    [[nodiscard]] bool hasTrace() const { return trace_ != nullptr; }
    [[nodiscard]] const FlowTrace& trace() const { return *trace_; }
    /// Whether any of its packets tells the figure of that side.
    [[nodiscard]] bool tells(std::size_t side, TraceFigure figure) const
    {
        return known_[side][static_cast<std::size_t>(figure)];
    }
    [[nodiscard]] double xOf(std::int64_t time) const;
    /// "12.5 ms"
    [[nodiscard]] static QString lengthText(std::int64_t microseconds);
    [[nodiscard]] QString sideName(std::size_t side) const;
    /// Everything is drawn anew; `fit`: the height is that of what is seen.
    void redraw(bool fit);

    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    // flow_chart.cpp
    void makePlot(const QString& name);
    void rangeChanged();
    void userMoved();
    [[nodiscard]] std::int64_t timeAt(double x) const;
    [[nodiscard]] std::pair<double, double> wholeRange() const;

    // flow_chart_draw.cpp
    void fitHeight();
    [[nodiscard]] QString aboveText() const;
    void colour(const QPalette& palette);
    void showLegend();

    // flow_chart_input.cpp
    bool mouseEvent(QEvent* event);
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);
    void stepCursor(int by);
    void zoomTo(const QRectF& pixels);
    [[nodiscard]] std::optional<std::size_t> spotNear(const QPointF& pixel) const;
    void pointAt(std::optional<std::size_t> spot);
    void clickAt(const QPointF& pixel);
    void placeCursor();
    [[nodiscard]] std::optional<std::size_t> packetOfRow(std::uint64_t row) const;
    [[nodiscard]] std::optional<std::size_t> spotOfCursor() const;
    void showReadout();

    QLabel* readout_;
    QLabel* note_; ///< what is estimated or not known
    QCustomPlot* plot_;
    QWidget* foot_;
    QHBoxLayout* footLayout_;
    ChartLegend* legend_;
    QCPItemStraightLine* cursorLine_;
    QCPItemTracer* ring_; ///< around the spot that is told of
    QCPItemRect* band_;   ///< while Shift+drag goes on
    QCPItemText* nothing_;
    Zoom zoom_;
    std::shared_ptr<const FlowTrace> trace_;
    std::int64_t origin_ = 0;          ///< the time of the flow's first packet
    std::int64_t begin_ = 0, end_ = 0; ///< of the flow
    bool all_ = true;                  ///< all is seen
    bool fitted_ = true;               ///< the height follows what is seen
    bool moving_ = false;              ///< ranges are set by this chart, not by the user
    std::array<std::array<bool, traceFigureCount>, 2> known_{};
    std::vector<Spot> spots_;
    QString summary_;
    QSet<int> hidden_;
    std::optional<std::uint64_t> cursor_;    ///< row
    std::optional<std::size_t> pointed_;     ///< spot
    std::optional<QPointF> pressed_, band0_; ///< pixels
};

} // namespace packetloom
