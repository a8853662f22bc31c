// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/timeline_query.h"
#include "core/stats/timeline.h"

#include <cstdint>
#include <span>
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

/// What a chart draws: columns of one width, with gaps between them where there are other times or none.
struct ShownColumns
{
    double width = 0;              ///< microseconds
    std::vector<TimeRange> ranges; ///< a column each, ascending
    std::size_t categories = 0;
    std::vector<Timeline::Cell> cells; ///< column by column, then category

    [[nodiscard]] std::size_t count() const { return ranges.size(); }
    [[nodiscard]] const Timeline::Cell& cell(std::size_t column, std::size_t category) const
    {
        return cells[column * categories + category];
    }
    /// The column that a time lies in; count() for none.
    [[nodiscard]] std::size_t columnAt(std::int64_t time) const;
};

ShownColumns shownColumns(const TimelineColumns& columns, std::size_t categories);
/// The bins that touch one of the ranges.
ShownColumns shownColumns(const TimelineBins& bins, std::span<const TimeRange> seen);

/// Whether each of the ranges lies in one of `within`.
bool covers(std::span<const TimeRange> within, std::span<const TimeRange> ranges);

} // namespace packetloom
