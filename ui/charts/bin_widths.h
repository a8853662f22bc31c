// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <cstdint>
#include <span>

namespace packetloom {

/// Round widths of a timeline's bins, microseconds, ascending: 1, 2, 5, 10 ... 500 us, ms, then parts of
/// minutes, hours and days; beyond days, decades of years.
std::span<const std::int64_t> binWidths();
/// Those that one may choose: 1 ms to 1 day.
std::span<const std::int64_t> chosenBinWidths();

/// The width that is used for a stretch of time (microseconds) drawn in so many pixels: of the round ones the
/// smallest at which bins are a few pixels wide. Follows from nothing else.
std::int64_t autoBinWidth(double span, int pixels);
/// The smallest round width that is not below `width` and makes at most `most` bins of the stretch.
std::int64_t possibleBinWidth(std::int64_t width, double span, double most);

/// "200 us", "1 s", "15 min", "1 day".
QString binWidthText(std::int64_t width);

} // namespace packetloom
