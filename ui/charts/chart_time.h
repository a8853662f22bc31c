// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace packetloom {

/// The time at a coordinate of an axis that counts microseconds from `origin`: to the microsecond, where a
/// double can tell, and the first or last of all times where the coordinate lies outside of them.
inline std::int64_t chartTime(std::int64_t origin, double coordinate)
{
    using Limits = std::numeric_limits<std::int64_t>;
    constexpr double end = 0x1p63; // the first number that is too large
    const double time = static_cast<double>(origin) + coordinate;
    if (!(time > -end))
        return Limits::min();
    if (time >= end)
        return Limits::max();
    if (std::fabs(coordinate) >= end)
        return static_cast<std::int64_t>(time);
    const auto offset = static_cast<std::int64_t>(std::round(coordinate));
    if (offset > 0 && origin > Limits::max() - offset)
        return Limits::max();
    if (offset < 0 && origin < Limits::min() - offset)
        return Limits::min();
    return origin + offset;
}

} // namespace packetloom
