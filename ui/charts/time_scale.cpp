// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/time_scale.h"

#include "ui/charts/chart_time.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr double leastShare = 0.08;  // of a stretch, in the length of all
constexpr double quietShare = 0.015; // at least, on each side
constexpr double gapShare = 0.05;    // of a gap's slot

double lengthOf(std::int64_t first, std::int64_t last)
{
    return static_cast<double>(static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first)) + 1;
}

} // namespace

TimeScale::TimeScale(std::int64_t first, std::int64_t last)
    : segments_{{.first = first, .last = last, .from = 0, .to = lengthOf(first, last)}}
{
}

TimeScale::TimeScale(const std::vector<TimeRange>& stretches)
{
    double busy = 0;
    for (const TimeRange& stretch : stretches)
        busy += lengthOf(stretch.first, stretch.last);
    double at = 0;
    for (std::size_t i = 0; i < stretches.size(); ++i) {
        auto [first, last] = stretches[i];
        // Quiet time on both sides, for whole bins at the ends, too: gaps are far longer than that.
        if (stretches.size() > 1) {
            const double quiet = std::max((busy * leastShare - lengthOf(first, last)) / 2, busy * quietShare);
            first = chartTime(first, -quiet);
            last = chartTime(last, quiet);
        }
        if (i > 0) {
            const double slot = busy * gapShare;
            gaps_.push_back({.from = at,
                             .to = at + slot,
                             .length = static_cast<std::uint64_t>(stretches[i].first) -
                                       static_cast<std::uint64_t>(stretches[i - 1].last)});
            at += slot;
        }
        const double length = lengthOf(first, last);
        segments_.push_back({.first = first, .last = last, .from = at, .to = at + length});
        at += length;
    }
}

double TimeScale::coordinateOf(std::int64_t time) const
{
    std::size_t i = 0;
    while (i + 1 < segments_.size() && time >= segments_[i + 1].first)
        ++i;
    const Segment& segment = segments_[i];
    if (i + 1 < segments_.size() && time > segment.last) {
        const double part = (static_cast<double>(time) - static_cast<double>(segment.last)) /
                            (static_cast<double>(segments_[i + 1].first) - static_cast<double>(segment.last));
        return segment.to + part * (segments_[i + 1].from - segment.to);
    }
    return segment.from +
           (static_cast<double>(time) - static_cast<double>(segment.first)); // exact up to the year 2255
}

std::int64_t TimeScale::timeAt(double coordinate) const
{
    std::size_t i = 0;
    while (i + 1 < segments_.size() && coordinate >= segments_[i + 1].from)
        ++i;
    const Segment& segment = segments_[i];
    if (i + 1 < segments_.size() && coordinate >= segment.to) {
        const double part = (coordinate - segment.to) / (segments_[i + 1].from - segment.to);
        const double gap = static_cast<double>(segments_[i + 1].first) - static_cast<double>(segment.last);
        return std::min(chartTime(segment.last, part * gap), segments_[i + 1].first);
    }
    return chartTime(segment.first, coordinate - segment.from);
}

std::vector<TimeRange> TimeScale::seen(double from, double to) const
{
    std::vector<TimeRange> ranges;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        const Segment& segment = segments_[i];
        const bool open = i == 0, openEnd = i + 1 == segments_.size();
        if ((!open && to < segment.from) || (!openEnd && from >= segment.to))
            continue;
        const std::int64_t first =
            open || from > segment.from ? chartTime(segment.first, from - segment.from) : segment.first;
        const std::int64_t last =
            openEnd || to < segment.to ? chartTime(segment.first, to - segment.from) : segment.last;
        if (first <= last)
            ranges.push_back({first, last});
    }
    return ranges;
}

} // namespace packetloom
