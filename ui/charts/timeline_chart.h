// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/timeline_query.h"
#include "ui/charts/time_scale.h"
#include "ui/charts/timeline_columns.h"

#include <QSet>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QCPAbstractItem;
class QCPBars;
class QCPGraph;
class QCPItemRect;
class QCPItemText;
class QCPRange;
class QCustomPlot;
class QLabel;

namespace packetloom {

class ChartLegend;
class TimeTicker;

/// What there is over time, in bins of a round width: packets, bytes or resets, flows that begin, flows that
/// are open, stacked by what the packets do or by how their flows ended. On a logarithmic scale a stack would
/// deceive: there each part is a line of its own. Bins are counted anew by who is asked (timelineWanted());
/// until the answer is there, the bins kept by the analysis are drawn. Where captures lie years apart, the
/// axis is broken (see TimeScale). Times are microseconds since the epoch.
///
/// Wheel: zoom; drag: move; Shift+drag: mark an interval; double click: the whole again. By key: arrows move
/// a cursor from bin to bin, with Shift they mark, with Ctrl they move the view; plus and minus zoom; Enter
/// marks what is seen; Home, Escape.
class TimelineChart final : public QWidget
{
    Q_OBJECT

public:
    enum class Stacking : std::uint8_t { Class, Outcome };
    enum class Quantity : std::uint8_t { Packets, Bytes, NewFlows, OpenFlows, Resets };
    /// Some of the packets or flows, drawn over all of them.
    struct Layer
    {
        QString name; ///< of two with one name and interval the filters are the same
        Narrowing narrowing;
    };

    explicit TimelineChart(QWidget* parent = nullptr);

    /// A complete analysis; null empties the chart.
    void setTimelines(const std::shared_ptr<const Analysis>& analysis);
    /// What has been read so far, by PacketClass.
    void setLive(const Timeline& byClass);
    void setStacking(Stacking stacking);
    void setQuantity(Quantity quantity);
    /// Per second instead of per bin; not of open flows.
    void setPerSecond(bool on);
    void setLogScale(bool on);
    /// Microseconds, one of binWidths(); nothing: what fits what is seen. Wider where that is too fine for
    /// it.
    void setBinWidth(const std::optional<qint64>& width);
    void setLayer(const std::optional<Layer>& layer);
    void setBrush(const std::optional<std::pair<qint64, qint64>>& interval);
    void showAll();
    /// Zooms so that the interval is seen with a little room on both sides.
    void showInterval(qint64 start, qint64 end);
    void setVisibleInterval(qint64 start, qint64 end);
    /// What is seen; nothing while the chart is empty.
    [[nodiscard]] std::optional<std::pair<qint64, qint64>> visibleInterval() const;

    /// Answers to stretchesWanted() and timelineWanted(); those to older questions are passed over.
    void setStretches(const std::shared_ptr<const Analysis>& analysis,
                      const Result<std::vector<TimeRange>>& stretches);
    void setBins(const std::shared_ptr<const Analysis>& analysis, const TimelineQuery& query,
                 const Result<TimelineBins>& bins);

    /// Of the bins that are drawn, microseconds; 0 while there are none.
    [[nodiscard]] double shownBinWidth() const { return columns_.width; }
    /// What is said of the bin at the pointer or cursor, or of the whole where there is none.
    [[nodiscard]] QString readout() const;
    /// Saves what is seen as PNG, PDF or SVG, by the name's ending. An empty string, or what went wrong.
    QString saveTo(const QString& path);
    /// The kinds of pictures that this build can save, as a file dialog's filter; SVG is not in every one.
    static QString fileKinds();

signals:
    void intervalBrushed(qint64 start, qint64 end);
    void brushCleared();
    void visibleIntervalChanged();
    void binWidthShown();
    void stretchesWanted(const std::shared_ptr<const packetloom::Analysis>& analysis);
    void timelineWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                        const packetloom::TimelineQuery& query);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Part
    {
        std::size_t category = 0;
        QString name;
        QColor color;
    };
    /// A question and what came of it.
    struct Counted
    {
        std::optional<TimelineQuery> asked; ///< the latest
        TimelineCount count{};              ///< of `bins`
        std::vector<TimeRange> ranges;      ///< of `bins`
        std::optional<TimelineBins> bins;
    };

    // timeline_chart_bins.cpp: which bins are wanted, asked for and shown
    [[nodiscard]] const Timeline* kept() const;
    [[nodiscard]] TimelineCount wantedCount() const;
    [[nodiscard]] qint64 wantedWidth() const;
    [[nodiscard]] std::vector<TimeRange> seenRanges() const;
    [[nodiscard]] bool nothingToShow() const;
    void chooseColumns();
    void askLater();
    void ask();
    void askFor(Counted& counted, const Narrowing& narrowing);
    void setScale(const TimeScale& scale);
    [[nodiscard]] std::vector<Part> parts() const;
    [[nodiscard]] double valueOf(const Timeline::Cell& cell) const;
    [[nodiscard]] QString layerName() const;
    [[nodiscard]] bool isHidden(std::size_t category) const { return hidden_.contains(int(category)); }

    // timeline_chart_draw.cpp
    void makeBars();
    void redraw();
    void drawColumns();
    void drawLayer();
    void placeMarks();
    void makeGapMarks();
    void recolour();
    void showLegend();

    // timeline_chart_input.cpp, timeline_chart_readout.cpp
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);
    void moveCursor(int columns, bool marking);
    void point(const std::optional<qint64>& time, bool byKey = false);
    void showReadout();
    [[nodiscard]] QString columnText(std::size_t column, QString* partsText) const;
    [[nodiscard]] QString wholeText(QString* hint) const;
    void describe();
    void finishBrush(double from, double to);
    [[nodiscard]] qint64 timeAt(double coordinate) const { return scale_.timeAt(coordinate); }
    [[nodiscard]] double coordinateOf(qint64 time) const { return scale_.coordinateOf(time); }

    QLabel* readout_;
    QLabel* readoutParts_;
    QCustomPlot* plot_;
    ChartLegend* legend_;
    QSharedPointer<TimeTicker> ticker_;
    QCPItemRect* mark_;
    QCPItemRect* cursor_;  ///< around the bin that is told of
    QCPItemText* nothing_; ///< stands where there are no packets
    QVector<QCPAbstractItem*> gapMarks_;
    QVector<QCPBars*> bars_;   ///< a part each; on a logarithmic scale:
    QVector<QCPGraph*> lines_; ///< a part each
    QCPBars* layerBars_ = nullptr;
    QCPGraph* layerLine_ = nullptr;
    std::shared_ptr<const Analysis> analysis_;
    std::optional<Timeline> live_;
    Counted whole_, layerCounted_;
    std::uint64_t lastAsked_ = 0;
    QTimer askTimer_;
    ShownColumns columns_, layerColumns_;
    TimeScale scale_;
    bool all_ = true; ///< everything is seen
    Stacking stacking_ = Stacking::Class;
    Quantity quantity_ = Quantity::Packets;
    bool perSecond_ = false;
    bool logScale_ = false;
    std::optional<qint64> chosenWidth_;
    std::optional<Layer> layer_;
    QSet<int> hidden_; ///< categories
    QString failed_;   ///< why bins could not be counted
    std::optional<std::pair<qint64, qint64>> brush_;
    std::optional<double> brushFrom_; ///< while Shift+drag goes on
    std::optional<qint64> markFrom_;  ///< where marking by key began
    std::optional<qint64> pointed_;   ///< a time in the bin that is told of
    bool pointedByKey_ = false;
};

} // namespace packetloom
