// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/views/flow_chart.h"

#include <array>

namespace packetloom {

/// Round-trip times of both sides' segments, and the median of each.
class RoundTripChart final : public FlowChart
{
    Q_OBJECT

public:
    explicit RoundTripChart(QWidget* parent = nullptr);

private:
    [[nodiscard]] QString nothing() const override;
    QString draw(const TraceLens& lens, std::vector<Spot>& spots) override;
    [[nodiscard]] QString spotText(const Spot& spot) const override;
    [[nodiscard]] QVector<Series> series() const override;

    std::array<SpanPlot*, 2> samples_{};
    std::array<QCPGraph*, 2> medians_{};
};

/// Bytes a second that each side sent, and of them those that were new, where that is known.
class ThroughputChart final : public FlowChart
{
    Q_OBJECT

public:
    explicit ThroughputChart(QWidget* parent = nullptr);
    [[nodiscard]] QString note() const override;

private:
    [[nodiscard]] QString nothing() const override;
    QString draw(const TraceLens& lens, std::vector<Spot>& spots) override;
    [[nodiscard]] QString spotText(const Spot& spot) const override;
    [[nodiscard]] QVector<Series> series() const override;

    std::array<QCPGraph*, 2> all_{}, fresh_{};
    std::array<std::vector<TraceRate>, 2> rates_; ///< that are drawn
    bool freshKnown_ = true;
};

/// The windows that each side offered; where one was closed there is a cross.
class WindowChart final : public FlowChart
{
    Q_OBJECT

public:
    explicit WindowChart(QWidget* parent = nullptr);

private:
    [[nodiscard]] QString nothing() const override;
    QString draw(const TraceLens& lens, std::vector<Spot>& spots) override;
    [[nodiscard]] QString spotText(const Spot& spot) const override;
    [[nodiscard]] QVector<Series> series() const override;
    void recolour(bool dark) override;

    std::array<QCPGraph*, 2> windows_{};
    QCPGraph* closed_;
};

/// Bytes that each side had sent and that were not acknowledged, with the window of the other side as a line.
class InFlightChart final : public FlowChart
{
    Q_OBJECT

public:
    explicit InFlightChart(QWidget* parent = nullptr);
    [[nodiscard]] QString note() const override;

private:
    [[nodiscard]] QString nothing() const override;
    QString draw(const TraceLens& lens, std::vector<Spot>& spots) override;
    [[nodiscard]] QString spotText(const Spot& spot) const override;
    [[nodiscard]] QVector<Series> series() const override;
    [[nodiscard]] bool isLimit(int series) const override { return series >= 2; }

    std::array<SpanPlot*, 2> inFlight_{};
    std::array<QCPGraph*, 2> windows_{}; ///< by whose bytes they limit
};

} // namespace packetloom
