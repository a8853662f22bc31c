// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "ui/charts/timeline_columns.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <utility>

class QCPBars;
class QCPItemRect;
class QCPItemText;
class QCustomPlot;

namespace packetloom {

class TimeTicker;

/// Packets or bytes over time, stacked by what the packets do or by how their flows ended. On a logarithmic
/// scale a stack would deceive, so the total alone is drawn. Wheel: zoom; drag: move; Shift+drag: mark an
/// interval; double click: the whole again. By key: arrows, plus and minus, Enter to mark what is seen, Home,
/// Escape. Times are microseconds since the epoch.
class TimelineChart final : public QWidget
{
    Q_OBJECT

public:
    enum class Stacking : std::uint8_t { Class, Outcome };
    enum class Quantity : std::uint8_t { Packets, Bytes };

    explicit TimelineChart(QWidget* parent = nullptr);

    /// A complete analysis; null empties the chart.
    void setTimelines(const std::shared_ptr<const Analysis>& analysis);
    /// What has been read so far, by PacketClass.
    void setLive(const Timeline& byClass);
    void setStacking(Stacking stacking);
    void setQuantity(Quantity quantity);
    void setLogScale(bool on);
    void setBrush(const std::optional<std::pair<qint64, qint64>>& interval);
    void showAll();
    /// Zooms so that the interval is seen with a little room on both sides.
    void showInterval(qint64 start, qint64 end);
    void setVisibleInterval(qint64 start, qint64 end);
    /// What is seen; nothing while the chart is empty.
    [[nodiscard]] std::optional<std::pair<qint64, qint64>> visibleInterval() const;
    /// Saves what is seen as PNG, PDF or SVG, by the name's ending. An empty string, or what went wrong.
    QString saveTo(const QString& path);
    /// The kinds of pictures that this build can save, as a file dialog's filter; SVG is not in every one.
    static QString fileKinds();

signals:
    void intervalBrushed(qint64 start, qint64 end);
    void brushCleared();
    void visibleIntervalChanged();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] const Timeline* shown() const;
    [[nodiscard]] double quantityOf(const Timeline::Cell& cell) const;
    void makeBars();
    void redraw();
    void recolour();
    void showReadout(double coordinate, const QPoint& globalPosition);
    bool keyPressed(int key);
    void finishBrush(double from, double to);
    [[nodiscard]] qint64 timeAt(double coordinate) const;
    [[nodiscard]] double coordinateOf(qint64 time) const;

    QCustomPlot* plot_;
    QSharedPointer<TimeTicker> ticker_;
    QCPItemRect* mark_;
    QCPItemText* nothing_;   ///< stands where there are no packets
    QVector<QCPBars*> bars_; ///< a category each; the first alone for the total on a logarithmic scale
    std::shared_ptr<const Analysis> analysis_;
    std::optional<Timeline> live_;
    TimelineColumns columns_;
    std::int64_t origin_ = 0;
    Stacking stacking_ = Stacking::Class;
    Quantity quantity_ = Quantity::Packets;
    bool logScale_ = false;
    std::optional<std::pair<qint64, qint64>> brush_;
    std::optional<double> brushFrom_; ///< while Shift+drag goes on
};

} // namespace packetloom
