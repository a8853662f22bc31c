// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flows_over_time.h"

#include <algorithm>
#include <array>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t binsBetweenStops = std::size_t{1} << 12;

/// When a flow begins or ends, and its outcome.
struct Moment
{
    std::int64_t time;
    std::uint8_t outcome;
};

} // namespace

void countOpenFlows(const Analysis& analysis, const std::vector<std::uint32_t>& chosen, TimelineBins& bins,
                    StopFlag stop)
{
    const FlowTable& flows = analysis.flows;
    std::vector<Moment> starts, ends;
    for (const std::uint32_t i : chosen) {
        const auto [start, end] = std::minmax({flows.start(i), flows.end(i)});
        const auto outcome = static_cast<std::uint8_t>(flows.outcome(i));
        starts.push_back({start, outcome});
        ends.push_back({end, outcome});
    }
    std::ranges::sort(starts, {}, &Moment::time);
    std::ranges::sort(ends, {}, &Moment::time);
    std::array<std::uint64_t, flowOutcomeCount> open{};
    std::uint64_t all = 0;
    std::size_t begun = 0, ended = 0;
    const auto endBefore = [&](std::int64_t time) {
        for (; ended < ends.size() && ends[ended].time < time; ++ended) {
            --open[ends[ended].outcome];
            --all;
        }
    };
    for (TimelineStretch& stretch : bins.stretches) {
        for (std::size_t bin = 0; bin < stretch.bins; ++bin) {
            if (bin % binsBetweenStops == 0 && stopped(stop))
                return;
            const TimeRange range = bins.rangeOf(stretch, bin);
            for (; begun < starts.size() && starts[begun].time < range.first; ++begun) {
                ++open[starts[begun].outcome];
                ++all;
            }
            endBefore(range.first);
            auto most = open;
            std::uint64_t mostAll = all;
            for (; begun < starts.size() && starts[begun].time <= range.last; ++begun) {
                endBefore(starts[begun].time); // one that ends at this time is still there
                ++open[starts[begun].outcome];
                if (++all > mostAll) {
                    mostAll = all;
                    most = open;
                }
            }
            for (std::size_t i = 0; i < most.size(); ++i)
                stretch.cells[bin * bins.categories + i].packets = most[i];
        }
    }
}

} // namespace packetloom
