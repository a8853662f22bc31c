// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/bin_widths.h"

#include "core/support/text_format.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr double pixelsPerBin = 4;
constexpr std::int64_t ms = 1000, second = 1000 * ms, minute = 60 * second, hour = 60 * minute,
                       day = 24 * hour, year = 365 * day;
constexpr std::array<std::int64_t, 52> widths{
    1,          2,          5,           10,          20,          50,          100,         200,
    500,        ms,         2 * ms,      5 * ms,      10 * ms,     20 * ms,     50 * ms,     100 * ms,
    200 * ms,   500 * ms,   second,      2 * second,  5 * second,  10 * second, 15 * second, 30 * second,
    minute,     2 * minute, 5 * minute,  10 * minute, 15 * minute, 30 * minute, hour,        2 * hour,
    3 * hour,   6 * hour,   12 * hour,   day,         2 * day,     7 * day,     14 * day,    30 * day,
    90 * day,   year,       2 * year,    5 * year,    10 * year,   20 * year,   50 * year,   100 * year,
    200 * year, 500 * year, 1000 * year, 5000 * year,
};

std::int64_t firstNotBelow(double width)
{
    const auto* const found = std::find_if(widths.begin(), widths.end(),
                                           [&](std::int64_t w) { return static_cast<double>(w) >= width; });
    return found == widths.end() ? widths.back() : *found;
}

} // namespace

std::span<const std::int64_t> binWidths()
{
    return widths;
}

std::span<const std::int64_t> chosenBinWidths()
{
    const auto first = static_cast<std::size_t>(std::ranges::find(widths, ms) - widths.begin());
    const auto last = static_cast<std::size_t>(std::ranges::find(widths, day) - widths.begin());
    return std::span(widths).subspan(first, last - first + 1);
}

std::int64_t autoBinWidth(double span, int pixels)
{
    return firstNotBelow(span * pixelsPerBin / std::max(pixels, 50));
}

std::int64_t possibleBinWidth(std::int64_t width, double span, double most)
{
    return std::max(width, firstNotBelow(span / most));
}

QString binWidthText(std::int64_t width)
{
    if (width == day)
        return QCoreApplication::translate("BinWidths", "1 day");
    if (width > day && width < year)
        return QCoreApplication::translate("BinWidths", "%1 days").arg(width / day);
    if (width >= year)
        return QCoreApplication::translate("BinWidths", "%1 years of 365 days").arg(width / year);
    return QString::fromStdString(timeSpan(static_cast<std::uint64_t>(width)));
}

} // namespace packetloom
