// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/stats/timeline.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// A part of a timeline in as many columns as a chart has room for.
struct TimelineColumns
{
    std::int64_t start = 0; ///< of the first column, microseconds since the epoch
    double width = 1;       ///< of a column, microseconds
    std::size_t count = 0;
    std::vector<Timeline::Cell> cells; ///< column by column, then category
};

/// The bins that touch [from, to], 2^n of them to a column, so that there are at most `most` columns (>= 2).
/// Columns begin at multiples of their width, so they stay the same while the range moves.
TimelineColumns aggregate(const Timeline& timeline, std::int64_t from, std::int64_t to, std::size_t most);

} // namespace packetloom
