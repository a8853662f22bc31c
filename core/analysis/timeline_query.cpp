// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/timeline_query.h"

#include "core/analysis/flow_table_analysis.h"
#include "core/analysis/flows_over_time.h"
#include "core/support/guard.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace packetloom {
namespace {

using Limits = std::numeric_limits<std::int64_t>;

std::int64_t binOf(std::int64_t time, std::int64_t width)
{
    return time / width - (time % width < 0 ? 1 : 0);
}

Error cancelled()
{
    return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
}

/// The bins of a query, all empty.
TimelineBins emptyBins(const TimelineQuery& query)
{
    TimelineBins bins{.width = query.width, .categories = categoriesOf(query.count), .stretches = {}};
    std::optional<std::int64_t> last;
    for (const TimeRange& range : query.ranges) {
        std::int64_t first = binOf(range.first, query.width);
        const std::int64_t end = binOf(range.last, query.width);
        if (last && first <= *last)
            first = *last + 1;
        if (first > end)
            continue;
        TimelineStretch stretch{
            .firstBin = first, .bins = static_cast<std::size_t>(end - first) + 1, .cells = {}};
        stretch.cells.resize(stretch.bins * bins.categories);
        bins.stretches.push_back(std::move(stretch));
        last = end;
    }
    return bins;
}

/// Finds the cell of a time.
class BinFinder
{
public:
    explicit BinFinder(TimelineBins& bins) : bins_(bins)
    {
        for (const TimelineStretch& stretch : bins.stretches)
            ranges_.push_back({bins.rangeOf(stretch, 0).first, bins.rangeOf(stretch, stretch.bins - 1).last});
    }

    /// Null where the time lies in no range.
    Timeline::Cell* cell(std::int64_t time, std::size_t category)
    {
        if (time < ranges_[at_].first || time > ranges_[at_].last) { // most times follow each other
            const auto found = std::partition_point(ranges_.begin(), ranges_.end(),
                                                    [&](const TimeRange& r) { return r.last < time; });
            if (found == ranges_.end() || time < found->first)
                return nullptr;
            at_ = static_cast<std::size_t>(found - ranges_.begin());
        }
        TimelineStretch& stretch = bins_.stretches[at_];
        const auto bin = static_cast<std::size_t>(binOf(time, bins_.width) - stretch.firstBin);
        return &stretch.cells[bin * bins_.categories + category];
    }
    [[nodiscard]] TimeRange all() const { return {ranges_.front().first, ranges_.back().last}; }

private:
    TimelineBins& bins_;
    std::vector<TimeRange> ranges_;
    std::size_t at_ = 0;
};

bool within(const Narrowing& narrowing, std::int64_t time)
{
    return !narrowing.interval || (time >= narrowing.interval->first && time <= narrowing.interval->second);
}

Result<void> countPackets(const Analysis& analysis, const TimelineQuery& query, BinFinder& bins,
                          StopFlag stop)
{
    PacketSpool::Range range;
    range.earliest = bins.all().first;
    range.latest = bins.all().last;
    if (query.narrowing.interval) {
        range.earliest = std::max(*range.earliest, query.narrowing.interval->first);
        range.latest = std::min(*range.latest, query.narrowing.interval->second);
        if (*range.earliest > *range.latest)
            return {};
    }
    std::optional<FlowOfPacket> flowOf;
    if (query.count == TimelineCount::PacketsByOutcome)
        flowOf.emplace(analysis.flows, TimeRange{*range.earliest, *range.latest});
    const auto chosen = chosenFlows(analysis, query.narrowing, stop);
    if (query.narrowing.filter && !flowOf)
        flowOf.emplace(analysis.flows, TimeRange{*range.earliest, *range.latest});
    return analysis.spool.forEach(range, [&](const SpooledPacket& row) {
        const Packet& packet = row.packet;
        std::size_t category = 0;
        if (query.count == TimelineCount::PacketsByClass)
            category = static_cast<std::size_t>(classify(packet));
        Timeline::Cell* const first =
            within(query.narrowing, packet.timestamp) ? bins.cell(packet.timestamp, category) : nullptr;
        if (first == nullptr)
            return !stopped(stop);
        Timeline::Cell* into = first;
        if (flowOf) {
            const auto flow = flowOf->find(packet, row.row);
            if (!flow || (chosen && (*chosen)[*flow] == 0))
                return !stopped(stop);
            if (query.count == TimelineCount::PacketsByOutcome)
                into += static_cast<std::size_t>(analysis.flows.outcome(*flow));
        }
        ++into->packets;
        into->bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(packet.length, 0));
        return !stopped(stop);
    });
}

/// Flows at their start: themselves, or what they consist of.
void countStarts(const Analysis& analysis, const TimelineQuery& query, BinFinder& bins, StopFlag stop)
{
    const FlowTable& flows = analysis.flows;
    const auto chosen = chosenFlows(analysis, query.narrowing, stop);
    for (std::size_t i = 0; i < flows.size() && !stopped(stop); ++i) {
        if (chosen && (*chosen)[i] == 0)
            continue;
        auto* const cell = bins.cell(flows.start(i), static_cast<std::size_t>(flows.outcome(i)));
        if (cell == nullptr)
            continue;
        cell->packets += query.count == TimelineCount::NewFlows ? 1 : flows.packets(i);
        cell->bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(flows.bytes(i), 0));
    }
}

} // namespace

std::size_t categoriesOf(TimelineCount count)
{
    return count == TimelineCount::PacketsByClass ? packetClassCount : flowOutcomeCount;
}

TimeRange TimelineBins::rangeOf(const TimelineStretch& stretch, std::size_t bin) const
{
    const std::int64_t number = stretch.firstBin + static_cast<std::int64_t>(bin);
    TimeRange range{Limits::min(), Limits::max()};
    if (number >= Limits::min() / width)
        range.first = number * width;
    if (number < Limits::max() / width)
        range.last = (number + 1) * width - 1;
    return range;
}

std::uint64_t binsOf(const TimelineQuery& query)
{
    std::uint64_t bins = 0;
    for (const TimeRange& range : query.ranges)
        bins += static_cast<std::uint64_t>(binOf(range.last, query.width)) -
                static_cast<std::uint64_t>(binOf(range.first, query.width)) + 1;
    return bins;
}

Result<TimelineBins> readTimeline(const Analysis& analysis, const TimelineQuery& query, StopFlag stop)
{
    return guarded([&]() -> Result<TimelineBins> {
        for (const TimeRange& range : query.ranges) {
            const std::uint64_t length =
                static_cast<std::uint64_t>(range.last) - static_cast<std::uint64_t>(range.first);
            if (query.width <= 0 || range.first > range.last ||
                length / static_cast<std::uint64_t>(query.width) > TimelineQuery::mostBins)
                return Error{.code = Errc::Internal, .detail = "bins of a timeline", .file = {}};
        }
        if (binsOf(query) > TimelineQuery::mostBins)
            return Error{.code = Errc::Internal, .detail = "bins of a timeline", .file = {}};
        TimelineBins bins = emptyBins(query);
        if (bins.stretches.empty())
            return bins;
        BinFinder finder(bins);
        if (query.count == TimelineCount::OpenFlows) {
            countOpenFlows(analysis, query.narrowing, bins, stop);
        } else if (query.count == TimelineCount::NewFlows ||
                   (query.count == TimelineCount::PacketsByOutcome && analysis.flowTable())) {
            countStarts(analysis, query, finder, stop);
        } else if (!analysis.flowTable()) {
            if (auto counted = countPackets(analysis, query, finder, stop); !counted)
                return std::move(counted).error();
        }
        if (stopped(stop))
            return cancelled();
        return bins;
    });
}

} // namespace packetloom
