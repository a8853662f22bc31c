// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/charts/time_scale.h"

#include <cstdint>
#include <qcustomplot.h>

namespace packetloom {

/// Ticks of a time axis in UTC, from years down to single microseconds. The date stands below the first tick
/// and where it changes, nowhere else.
class TimeTicker final : public QCPAxisTicker
{
public:
    void setScale(const TimeScale& scale) { scale_ = scale; }
    /// Room for labels.
    void setPixels(int pixels) { pixels_ = pixels; }

protected:
    double getTickStep(const QCPRange& range) override;
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    int getSubTickCount(double tickStep) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;

private:
    void addTicks(const TimeScale::Segment& segment, const QCPRange& part, double step);
    [[nodiscard]] QString label(double tick, double step);

    TimeScale scale_;
    int pixels_ = 800;
    QString date_; ///< below the last tick that was made
    QVector<double> ticks_;
    QStringList labels_; ///< of the ticks
};

} // namespace packetloom
