// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/time_ticker.h"

#include "ui/charts/chart_time.h"

#include <QDateTime>
#include <QTimeZone>
#include <array>
#include <cmath>

namespace packetloom {
namespace {

constexpr double second = 1e6, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
constexpr std::array steps{1.0,     2.0,        5.0,        10.0,        20.0,        50.0,
                           100.0,   200.0,      500.0,      1e3,         2e3,         5e3,
                           1e4,     2e4,        5e4,        1e5,         2e5,         5e5,
                           second,  2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
                           minute,  2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
                           hour,    2 * hour,   3 * hour,   6 * hour,    12 * hour,   day,
                           2 * day, 7 * day,    14 * day,   30 * day,    90 * day,    365 * day};
constexpr double wantedTicks = 8;

} // namespace

double TimeTicker::getTickStep(const QCPRange& range)
{
    const double rough = range.size() / wantedTicks;
    step_ = steps.back();
    for (const double step : steps) {
        if (step >= rough) {
            step_ = step;
            break;
        }
    }
    while (step_ < rough) // centuries
        step_ *= 10;
    return step_;
}

QVector<double> TimeTicker::createTickVector(double tickStep, const QCPRange& range)
{
    QVector<double> ticks;
    // How far the origin lies behind a multiple of the step.
    double offset = 0;
    if (tickStep < 0x1p62) { // the axis may show more than all of time
        const auto step = static_cast<std::int64_t>(tickStep);
        const std::int64_t rest = origin_ % step;
        offset = static_cast<double>(rest < 0 ? rest + step : rest);
    } else {
        offset = std::fmod(static_cast<double>(origin_), tickStep);
        offset += offset < 0 ? tickStep : 0;
    }
    const double first = std::floor((range.lower + offset) / tickStep);
    const double last = std::ceil((range.upper + offset) / tickStep);
    for (double i = first; i <= last && ticks.size() < 100; ++i)
        ticks.append(i * tickStep - offset);
    return ticks;
}

int TimeTicker::getSubTickCount(double /*tickStep*/)
{
    return 0;
}

QString TimeTicker::getTickLabel(double tick, const QLocale& /*locale*/, QChar /*formatChar*/,
                                 int /*precision*/)
{
    const double microseconds = static_cast<double>(origin_) + tick;
    if (std::fabs(microseconds) > 2.5e17) // beyond the year 9999
        return QString::number(microseconds, 'g', 6);
    const std::int64_t whole = chartTime(origin_, tick);
    const auto fraction = ((whole % 1'000'000) + 1'000'000) % 1'000'000;
    const auto moment = QDateTime::fromSecsSinceEpoch((whole - fraction) / 1'000'000, Qt::UTC);
    if (step_ >= day)
        return moment.toString(QStringLiteral("yyyy-MM-dd"));
    const auto date = moment.toString(QStringLiteral("\nyyyy-MM-dd"));
    if (step_ >= minute)
        return moment.toString(QStringLiteral("HH:mm")) + date;
    auto text = moment.toString(QStringLiteral("HH:mm:ss"));
    if (step_ < second) {
        const int digits = step_ >= 1e3 ? 3 : 6;
        text += QLatin1Char('.') + QStringLiteral("%1").arg(fraction, 6, 10, QLatin1Char('0')).first(digits);
    }
    return text + date;
}

} // namespace packetloom
