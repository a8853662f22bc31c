// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/narrowed_packets.h"
#include "core/run/progress.h"

#include <QJsonObject>
#include <QWidget>
#include <array>
#include <memory>
#include <optional>
#include <utility>

class QGroupBox;
class QLabel;

namespace packetloom {

class BarChart;
class TimelineChart;
class TimelineControls;

/// The first look at a capture: traffic over time, the totals, how flows closed and why they are invalid.
class OverviewPanel final : public QWidget
{
    Q_OBJECT

public:
    using Interval = std::optional<std::pair<qint64, qint64>>; ///< microseconds since the epoch, inclusive

    explicit OverviewPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    /// While a job runs; `timeline` may be null.
    void setLive(const Progress& progress, const FlowTally& tally, const Timeline* timeline);
    void setBrush(const Interval& interval);
    enum class Narrowed : std::uint8_t { No, Counting, Yes };
    /// What tiles and bars are about: all of the analysis, or what is left of it, which may still be counted.
    void setNarrowed(Narrowed narrowed, const std::shared_ptr<const NarrowedPackets>& left);
    /// Zooms the timeline.
    void showInterval(qint64 start, qint64 end);
    /// How the timeline is looked at, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveSettings() const;
    [[nodiscard]] TimelineChart* timeline() const { return timeline_; }

signals:
    void brushed(const packetloom::OverviewPanel::Interval& interval);
    void outcomeActivated(packetloom::FlowOutcome outcome);
    void invalidActivated();
    /// Its flows are to be seen.
    void serviceActivated(const QString& service);
    /// What viewState() says may be another now.
    void viewChanged();

private:
    void setTiles(const std::array<QString, 6>& values);
    /// Nothing: it is not known yet.
    void setTally(const std::optional<FlowTally>& tally);
    void showTotals(const RunTotals& totals, std::uint64_t packets);
    /// Of a table of flows, whose flows are never invalid, the services take the place of the reasons.
    void showServices(const FlowTableAnalysis& table);

    TimelineChart* timeline_;
    TimelineControls* controls_;
    std::array<QLabel*, 6> tiles_{};
    std::array<QLabel*, 6> tileNames_{};
    std::shared_ptr<const Analysis> analysis_;
    bool flowTable_ = false; ///< what is shown is one
    BarChart* closeTypes_;
    BarChart* reasons_;
    QGroupBox* closeTypesBox_;
    QGroupBox* servicesBox_;
    QGroupBox* reasonsBox_;
    BarChart* services_;
    QStringList serviceNames_; ///< of the bars
};

} // namespace packetloom
