// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/views/flow_chart.h"
#include "ui/views/trace_plots.h"

#include <QSharedPointer>

class QCheckBox;
class QComboBox;

namespace packetloom {

class SequenceTicker;

/// Sequence numbers of one side over time, after tcptrace's time-sequence graph: its segments, what the other
/// side acknowledged (a line of stairs) and how far it let it send (another).
class SequenceChart final : public FlowChart
{
    Q_OBJECT

public:
    explicit SequenceChart(QWidget* parent = nullptr);

    /// ExactFlow::originator or responder: whose segments. Until it is chosen: who sent more.
    void setSide(std::size_t side);
    [[nodiscard]] std::size_t side() const { return side_; }
    /// Whether it was chosen.
    [[nodiscard]] bool sideChosen() const { return chosen_; }
    void setAbsolute(bool on);
    [[nodiscard]] bool absolute() const;
    [[nodiscard]] QString note() const override;
    /// Segments that are drawn one by one, or columns that hold many.
    [[nodiscard]] const QVector<SegmentPlot::Segment>& drawn() const { return segments_->segments(); }

signals:
    /// By the user: another side or other numbers.
    void choiceChanged();

private:
    enum SeriesId : std::uint8_t { Segments, Acks, Edge, Gaps };

    [[nodiscard]] QString nothing() const override;
    QString draw(const TraceLens& lens, std::vector<Spot>& spots) override;
    [[nodiscard]] QString spotText(const Spot& spot) const override;
    [[nodiscard]] QVector<Series> series() const override;
    void recolour(bool dark) override;
    [[nodiscard]] bool isLimit(int series) const override { return series == Edge; }
    [[nodiscard]] bool fromZero() const override { return false; }
    void traceChanged() override;

    void drawPackets(const TraceLens& lens, std::vector<Spot>& spots);
    void drawColumns(const TraceLens& lens, std::vector<Spot>& spots);
    [[nodiscard]] QString number(std::int64_t relative) const;
    [[nodiscard]] std::size_t other() const { return 1 - side_; }

    SegmentPlot* segments_;
    GapPlot* gaps_;
    QCPGraph* acks_;
    QCPGraph* edge_;
    QComboBox* sideBox_;
    QCheckBox* absolute_;
    QSharedPointer<SequenceTicker> ticker_;
    std::size_t side_ = 0;
    bool chosen_ = false;
    std::vector<TraceSlice> columns_; ///< that are drawn
};

} // namespace packetloom
