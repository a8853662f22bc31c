// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// A stretch of time: first and last microsecond, both inclusive.
struct TimeRange
{
    std::int64_t first = 0, last = 0;

    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// A gap is worth leaving out where it lasts this long at least, and this many times as long as all that
/// remains; of more gaps than this none is left out.
inline constexpr std::uint64_t shortestGap = std::uint64_t{3600} * 1'000'000; // microseconds
inline constexpr std::uint64_t gapToBusy = 4;
inline constexpr std::size_t mostGaps = 11;

/// Which of the gaps between stretches (ascending, apart) are to be left out: the stretches that remain, each
/// from its first to its last packet.
std::vector<TimeRange> joinAcrossShortGaps(const std::vector<TimeRange>& stretches);

/// When there is something in an analysis: one stretch, or several with gaps between them that are far longer
/// than all of the stretches together (captures of two years opened as one). Empty where there is nothing.
/// Reads the spool only where there may be such a gap. Errors: Read, Cancelled, Internal.
Result<std::vector<TimeRange>> busyStretches(const Analysis& analysis, StopFlag stop = nullptr);

} // namespace packetloom
