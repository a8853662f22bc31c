// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/unit_ticker.h"

#include "ui/messages.h"

#include <algorithm>
#include <cmath>

namespace packetloom {

QString groupedDecimal(double number, int decimals)
{
    auto text = QString::number(std::fabs(number), 'f', decimals);
    const auto point = text.indexOf(QLatin1Char('.'));
    for (qsizetype at = (point < 0 ? text.size() : point) - 3; at > 0; at -= 3)
        text.insert(at, QLatin1Char(','));
    return number < 0 ? QLatin1Char('-') + text : text;
}

double UnitTicker::getTickStep(const QCPRange& range)
{
    step_ = QCPAxisTicker::getTickStep(range);
    if (whole_)
        step_ = std::max(1.0, std::ceil(step_ - 1e-9));
    return step_;
}

int UnitTicker::decimals() const
{
    constexpr int most = 9;
    int decimals = 0;
    for (double step = step_ / unit_; decimals < most; step *= 10, ++decimals) {
        if (step > 0.999 && std::fabs(step - std::round(step)) < 1e-6 * step)
            break;
    }
    return decimals;
}

QString UnitTicker::getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/)
{
    const double shown = tick / unit_;
    return groupedDecimal(std::fabs(shown) < step_ / unit_ / 1000 ? 0 : shown, decimals());
}

std::uint32_t absoluteSequence(std::int64_t initial, std::int64_t relative)
{
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>(initial) +
                                      static_cast<std::uint64_t>(relative));
}

QString SequenceTicker::getTickLabel(double tick, const QLocale& locale, QChar format, int precision)
{
    if (initial_ < 0)
        return UnitTicker::getTickLabel(tick, locale, format, precision);
    return shownNumber(absoluteSequence(initial_, static_cast<std::int64_t>(std::llround(tick))));
}

} // namespace packetloom
