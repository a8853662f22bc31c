// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <qcustomplot.h>

namespace packetloom {

/// Ticks of a time axis in UTC, from days down to single microseconds. The axis counts microseconds from an
/// origin, so that a double holds them exactly.
class TimeTicker final : public QCPAxisTicker
{
public:
    /// Microseconds since the epoch at coordinate 0.
    void setOrigin(std::int64_t origin) { origin_ = origin; }

protected:
    double getTickStep(const QCPRange& range) override;
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    int getSubTickCount(double tickStep) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;

private:
    std::int64_t origin_ = 0;
    double step_ = 1;
};

} // namespace packetloom
