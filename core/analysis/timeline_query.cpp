// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/timeline_query.h"

#include "core/analysis/flow_query.h"
#include "core/analysis/flow_table_analysis.h"
#include "core/analysis/flows_over_time.h"
#include "core/analysis/packet_query.h"
#include "core/analysis/row_flows.h"
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

/// Blocks of the spool, one after the other, and of them only the columns that are asked for.
class PacketCounter
{
public:
    PacketCounter(const Analysis& analysis, const TimelineQuery& query, BinFinder& bins, StopFlag stop)
        : analysis_(analysis), query_(query), bins_(bins), reader_(analysis.spool), stop_(stop)
    {
    }

    Result<void> count()
    {
        const TimeRange range = bins_.all();
        auto left = selectPackets(analysis_, query_.narrowing, stop_);
        if (!left)
            return std::move(left).error();
        left_ = *std::move(left);
        if (query_.count == TimelineCount::PacketsByOutcome) {
            auto flows = rowFlowsOf(analysis_, stop_);
            if (!flows)
                return std::move(flows).error();
            flows_ = *std::move(flows);
        }
        for (std::size_t block = 0; block < analysis_.spool.blocks(); ++block) {
            const auto [earliest, latest] = analysis_.spool.times(block);
            const std::uint64_t first = std::uint64_t{block} * PacketSpool::blockRows;
            if (latest < range.first || earliest > range.last ||
                left_.before(first) == left_.before(first + PacketSpool::blockRows))
                continue;
            if (stopped(stop_))
                return cancelled();
            if (auto counted = countBlock(block); !counted)
                return counted;
        }
        return {};
    }

private:
    Result<void> countBlock(std::size_t block)
    {
        if (auto loaded = reader_.load(block, PacketSpool::Time | PacketSpool::Length | PacketSpool::Flags |
                                                  PacketSpool::Protocol);
            !loaded)
            return loaded;
        const auto packets = reader_.packets();
        if (flows_) {
            flowOfRow_.resize(packets.size());
            if (auto read = flows_->read(reader_.firstRow(), flowOfRow_); !read)
                return read;
        }
        const bool byOutcome = query_.count == TimelineCount::PacketsByOutcome;
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const Packet& packet = packets[i];
            if (!left_.has(reader_.firstRow() + i) || (byOutcome && flowOfRow_[i] == RowFlows::none))
                continue;
            const auto category = byOutcome ? static_cast<std::size_t>(analysis_.flows.outcome(flowOfRow_[i]))
                                            : static_cast<std::size_t>(classify(packet));
            auto* const cell = bins_.cell(packet.timestamp, category);
            if (cell == nullptr)
                continue;
            ++cell->packets;
            cell->bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(packet.length, 0));
        }
        return {};
    }

    const Analysis& analysis_;
    const TimelineQuery& query_;
    BinFinder& bins_;
    PacketSpool::Reader reader_;
    StopFlag stop_;
    PacketRows left_;
    RowFlowsPtr flows_;
    std::vector<std::uint32_t> flowOfRow_;
};

/// Flows at their start: themselves, or what they consist of.
void countStarts(const Analysis& analysis, const std::vector<std::uint32_t>& chosen, TimelineCount count,
                 BinFinder& bins, StopFlag stop)
{
    const FlowTable& flows = analysis.flows;
    for (const std::uint32_t i : chosen) {
        if (stopped(stop))
            return;
        auto* const cell = bins.cell(flows.start(i), static_cast<std::size_t>(flows.outcome(i)));
        if (cell == nullptr)
            continue;
        cell->packets += count == TimelineCount::NewFlows ? 1 : flows.packets(i);
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
        const bool ofFlows = query.count == TimelineCount::OpenFlows ||
                             query.count == TimelineCount::NewFlows ||
                             (query.count == TimelineCount::PacketsByOutcome && analysis.flowTable());
        if (ofFlows) {
            const auto chosen = selectFlows(analysis, {.narrowing = query.narrowing}, stop);
            if (!chosen)
                return chosen.error();
            if (query.count == TimelineCount::OpenFlows)
                countOpenFlows(analysis, *chosen, bins, stop);
            else
                countStarts(analysis, *chosen, query.count, finder, stop);
        } else if (!analysis.flowTable()) {
            if (auto counted = PacketCounter(analysis, query, finder, stop).count(); !counted)
                return std::move(counted).error();
        }
        if (stopped(stop))
            return cancelled();
        return bins;
    });
}

} // namespace packetloom
