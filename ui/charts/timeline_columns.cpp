// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/timeline_columns.h"

#include "ui/charts/chart_time.h"

#include <algorithm>
#include <cmath>

namespace packetloom {

TimelineColumns aggregate(const Timeline& timeline, std::int64_t from, std::int64_t to, std::size_t most)
{
    TimelineColumns columns;
    if (timeline.bins() == 0 || from > to)
        return columns;
    const unsigned shift = timeline.shift();
    const std::int64_t firstBin = timeline.start(0) >> shift;
    const std::int64_t lastBin = firstBin + static_cast<std::int64_t>(timeline.bins() - 1);
    const std::int64_t first = std::max(firstBin, from >> shift);
    const std::int64_t last = std::min(lastBin, to >> shift);
    if (first > last)
        return columns;
    unsigned joined = 0;
    while (static_cast<std::size_t>((last >> joined) - (first >> joined)) + 1 > most)
        ++joined;
    const std::int64_t firstColumn = first >> joined;
    columns.count = static_cast<std::size_t>((last >> joined) - firstColumn) + 1;
    columns.width = std::ldexp(1.0, static_cast<int>(shift + joined));
    columns.start = static_cast<std::int64_t>(static_cast<std::uint64_t>(firstColumn) << (shift + joined));
    columns.cells.resize(columns.count * timeline.categories());
    // Whole columns, also where they begin before or end behind the range.
    const std::int64_t begin = std::max(firstBin, firstColumn << joined);
    const std::int64_t end =
        std::min(lastBin, last | static_cast<std::int64_t>((std::uint64_t{1} << joined) - 1));
    const auto bins = static_cast<std::size_t>(end - begin) + 1; // there may be no number behind `end`
    for (std::size_t i = 0; i < bins; ++i) {
        const std::int64_t bin = begin + static_cast<std::int64_t>(i);
        const auto column = static_cast<std::size_t>((bin >> joined) - firstColumn);
        for (std::size_t category = 0; category < timeline.categories(); ++category) {
            const auto& cell = timeline.cell(static_cast<std::size_t>(bin - firstBin), category);
            auto& into = columns.cells[column * timeline.categories() + category];
            into.packets += cell.packets;
            into.bytes += cell.bytes;
        }
    }
    return columns;
}

std::size_t ShownColumns::columnAt(std::int64_t time) const
{
    const auto found = std::partition_point(ranges.begin(), ranges.end(),
                                            [&](const TimeRange& range) { return range.last < time; });
    if (found == ranges.end() || time < found->first)
        return ranges.size();
    return static_cast<std::size_t>(found - ranges.begin());
}

ShownColumns shownColumns(const TimelineColumns& columns, std::size_t categories)
{
    ShownColumns shown{
        .width = columns.width, .ranges = {}, .categories = categories, .cells = columns.cells};
    for (std::size_t i = 0; i < columns.count; ++i)
        shown.ranges.push_back({chartTime(columns.start, static_cast<double>(i) * columns.width),
                                chartTime(columns.start, static_cast<double>(i + 1) * columns.width - 1)});
    return shown;
}

ShownColumns shownColumns(const TimelineBins& bins, std::span<const TimeRange> seen)
{
    ShownColumns shown{
        .width = static_cast<double>(bins.width), .ranges = {}, .categories = bins.categories, .cells = {}};
    for (const TimelineStretch& stretch : bins.stretches) {
        for (std::size_t bin = 0; bin < stretch.bins; ++bin) {
            const TimeRange range = bins.rangeOf(stretch, bin);
            const bool touches = std::ranges::any_of(
                seen, [&](const TimeRange& s) { return range.first <= s.last && range.last >= s.first; });
            if (!touches)
                continue;
            shown.ranges.push_back(range);
            const auto first = stretch.cells.begin() + static_cast<std::ptrdiff_t>(bin * bins.categories);
            shown.cells.insert(shown.cells.end(), first,
                               first + static_cast<std::ptrdiff_t>(bins.categories));
        }
    }
    return shown;
}

bool covers(std::span<const TimeRange> within, std::span<const TimeRange> ranges)
{
    return std::ranges::all_of(ranges, [&](const TimeRange& range) {
        return std::ranges::any_of(
            within, [&](const TimeRange& w) { return w.first <= range.first && w.last >= range.last; });
    });
}

} // namespace packetloom
