// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/busy_stretches.h"
#include "core/analysis/narrowing.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace packetloom {

/// What is counted over time.
enum class TimelineCount : std::uint8_t {
    PacketsByClass,   ///< kept packets and their bytes, by PacketClass; a table of flows has none
    PacketsByOutcome, ///< packets of flows, by FlowOutcome; of a table of flows each at its flow's start
    NewFlows,         ///< flows at their start, by FlowOutcome; bytes are those of the whole flow
    OpenFlows, ///< the most flows that are open at once in the bin, and their FlowOutcomes at that moment; a
               ///< flow is open from its first to its last packet, both included
};
/// PacketClass or FlowOutcome.
std::size_t categoriesOf(TimelineCount count);

struct TimelineQuery
{
    static constexpr std::size_t mostBins = std::size_t{1} << 16;

    TimelineCount count{};
    /// Ascending and apart. Whole bins are counted, also where they begin before a range or end behind it.
    std::vector<TimeRange> ranges;
    std::int64_t width = 1'000'000; ///< of a bin, microseconds, > 0; bins begin at its multiples
    Narrowing narrowing;
    std::uint64_t asked = 0; ///< for who asks; means nothing here
};

/// Consecutive bins.
struct TimelineStretch
{
    std::int64_t firstBin = 0; ///< its start divided by the width
    std::size_t bins = 0;
    std::vector<Timeline::Cell> cells; ///< bin by bin, then category; of flows `packets` counts them
};

struct TimelineBins
{
    std::int64_t width = 1;
    std::size_t categories = 0;
    std::vector<TimelineStretch> stretches; ///< one a range, but for those that share a bin with the last

    /// Where a bin begins and ends (both inclusive), cut to 64 bits.
    [[nodiscard]] TimeRange rangeOf(const TimelineStretch& stretch, std::size_t bin) const;
};

/// How many bins a query makes, at most.
std::uint64_t binsOf(const TimelineQuery& query);

/// Counts anew, out of the spool or the table of flows, to the microsecond. Takes time that follows the
/// number of packets in and around the ranges, or that of flows; where the flows of packets are asked for the
/// first time, that of rowFlowsOf(). Errors: Read, those of rowFlowsOf(), Cancelled; Internal, also where
/// there would be more than mostBins.
Result<TimelineBins> readTimeline(const Analysis& analysis, const TimelineQuery& query,
                                  StopFlag stop = nullptr);

} // namespace packetloom
