// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/busy_stretches.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// How times (microseconds since the epoch) lie on an axis that counts microseconds from an origin, so that a
/// double holds them exactly. The axis may be broken: then the stretches stand beside each other, all to one
/// scale, with a small slot for each gap. A stretch that would hardly be seen has some of the quiet around
/// it.
class TimeScale
{
public:
    struct Segment
    {
        std::int64_t first = 0, last = 0; ///< inclusive; the outer ends are not bounds
        double from = 0, to = 0;          ///< where they lie
    };
    struct Gap
    {
        double from = 0, to = 0;
        std::uint64_t length = 0; ///< between the packets beside it, microseconds
    };

    /// Unbroken, from one time to another.
    TimeScale(std::int64_t first, std::int64_t last);
    TimeScale() : TimeScale(0, 0) {}
    /// One segment a stretch (ascending, apart; at least one).
    explicit TimeScale(const std::vector<TimeRange>& stretches);

    [[nodiscard]] double coordinateOf(std::int64_t time) const;
    /// To the microsecond where a double can tell; the first or last of all times where it lies outside.
    [[nodiscard]] std::int64_t timeAt(double coordinate) const;
    [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }
    [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_; }
    [[nodiscard]] bool broken() const { return !gaps_.empty(); }
    /// From the first to the last of the times that it was made for.
    [[nodiscard]] double length() const { return segments_.back().to; }
    /// What is seen of the segments between two coordinates; none in a gap.
    [[nodiscard]] std::vector<TimeRange> seen(double from, double to) const;

private:
    std::vector<Segment> segments_;
    std::vector<Gap> gaps_;
};

} // namespace packetloom
