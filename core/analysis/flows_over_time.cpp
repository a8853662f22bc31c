// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flows_over_time.h"

#include "core/analysis/flow_filter.h"

#include <algorithm>
#include <array>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t flowsAtOnce = std::size_t{1} << 12;

/// When a flow begins or ends, and its outcome.
struct Moment
{
    std::int64_t time;
    std::uint8_t outcome;
};

} // namespace

std::optional<std::vector<std::uint8_t>> chosenFlows(const Analysis& analysis, const Narrowing& narrowing,
                                                     StopFlag stop)
{
    if (narrowing.everything())
        return std::nullopt;
    const FlowTable& flows = analysis.flows;
    std::vector<std::uint8_t> hits(flows.size(), 1);
    if (narrowing.filter) {
        const FlowFilter filter(analysis, *narrowing.filter, stop);
        for (std::size_t first = 0; first < hits.size() && !stopped(stop); first += flowsAtOnce)
            filter.match(first, std::span(hits).subspan(first, std::min(flowsAtOnce, hits.size() - first)));
    }
    for (std::size_t i = 0; narrowing.interval && i < hits.size(); ++i) {
        if (flows.end(i) < narrowing.interval->first || flows.start(i) > narrowing.interval->second)
            hits[i] = 0;
    }
    return hits;
}

void countOpenFlows(const Analysis& analysis, const Narrowing& narrowing, TimelineBins& bins, StopFlag stop)
{
    const FlowTable& flows = analysis.flows;
    const auto chosen = chosenFlows(analysis, narrowing, stop);
    std::vector<Moment> starts, ends;
    for (std::size_t i = 0; i < flows.size(); ++i) {
        if (chosen && (*chosen)[i] == 0)
            continue;
        const auto [start, end] = std::minmax(flows.start(i), flows.end(i));
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
            if (bin % flowsAtOnce == 0 && stopped(stop))
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
