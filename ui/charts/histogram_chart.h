// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QVector>
#include <QWidget>
#include <optional>
#include <utility>

class QCPBars;
class QCPItemRect;
class QCPItemText;
class QCustomPlot;
class QLabel;
class QPainter;

namespace packetloom {

/// What the bins of some histograms have in common. Bins stand side by side, all equally wide.
struct HistogramAxis
{
    struct Tick
    {
        int bin = 0;         ///< at its left border; behind the last one: at that one's right border
        bool within = false; ///< in the middle of the bin instead
        int weight = 0;      ///< where there is no room for all, those of less weight are left out
        QString label;
    };
    QString label;
    /// Of each bin in words: all of it, where it begins, where it ends.
    QVector<QString> ranges, from, to;
    QVector<Tick> ticks;
    int apart = 0; ///< so many bins at the left stand apart from the others: below a logarithmic scale
};

/// How many flows are in which bin. Bins are chosen by mouse (a click, or a drag over several) or by
/// keyboard: arrows move a cursor from bin to bin, with Shift they mark, Home and End go to the ends, Enter
/// chooses, Escape takes the mark away.
class HistogramChart final : public QWidget
{
    Q_OBJECT

public:
    struct Histogram
    {
        QString title;          ///< of whose flows; plain text of any length
        QString note;           ///< beside it
        QVector<quint64> flows; ///< by bins
        quint64 all = 0;        ///< what shares are of
        quint64 highest = 0;    ///< of the axis
    };

    explicit HistogramChart(QWidget* parent = nullptr);

    void setHistogram(const HistogramAxis& axis, const Histogram& histogram);
    /// Nothing is drawn; why is said in its place.
    void setNothing(const QString& title, const QString& why);
    void setLogHeights(bool on);
    /// A small one among several with the same axes, which a large one names.
    void setSmall();
    [[nodiscard]] const Histogram& histogram() const { return histogram_; }
    /// What is said of the bin, or the marked bins, at the pointer or cursor; empty where there are none.
    [[nodiscard]] QString readout() const;
    [[nodiscard]] QCustomPlot* plot() const { return plot_; }
    /// Pixels from the left of the plot to the middle of a bin.
    [[nodiscard]] double middleOf(int bin) const;
    /// Onto paper: in light colours, with its title.
    void paintTo(QPainter& painter, const QRect& rect);

signals:
    /// readout() may be another.
    void pointed();
    /// Bins from the first to the last, with a flow in at least one of them.
    void chosen(int first, int last);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] int count() const { return static_cast<int>(histogram_.flows.size()); }
    [[nodiscard]] double leftOf(int bin) const;
    [[nodiscard]] std::optional<int> binAt(double pixel) const;
    [[nodiscard]] std::optional<std::pair<int, int>> marked() const;
    [[nodiscard]] quint64 flowsIn(std::pair<int, int> bins) const;
    void redraw();
    void placeTicks(int width);
    void placeMarks();
    void colour(const QPalette& palette);
    void describe();
    bool mouseEvent(QEvent* event);
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);
    void moveTo(int bin, bool marking);
    void point(std::optional<int> bin);
    void choose();

    QLabel* title_;
    QCustomPlot* plot_;
    QCPBars* bars_;
    QCPItemRect* mark_;
    QCPItemText* nothing_;
    HistogramAxis axis_;
    Histogram histogram_;
    bool logHeights_ = false, small_ = false;
    std::optional<int> pointed_, anchor_; ///< bins; marked is what lies between them
    bool dragging_ = false, byKey_ = false;
};

} // namespace packetloom
