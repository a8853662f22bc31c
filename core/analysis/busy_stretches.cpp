// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/busy_stretches.h"

#include "core/analysis/flow_table_analysis.h"
#include "core/support/guard.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

namespace packetloom {
namespace {

/// Microseconds between two times; the difference may need all of 64 bits.
std::uint64_t between(std::int64_t early, std::int64_t late)
{
    return static_cast<std::uint64_t>(late) - static_cast<std::uint64_t>(early);
}

/// The runs of bins with packets in a timeline, joined where only a small part of it lies between them.
std::vector<TimeRange> roughStretches(const Timeline& timeline)
{
    constexpr std::size_t smallPart = 64; // at most so many gaps are looked at closely
    const std::size_t longGap = std::max<std::size_t>(1, timeline.bins() / smallPart);
    std::vector<TimeRange> stretches;
    std::optional<std::size_t> last;
    for (std::size_t bin = 0; bin < timeline.bins(); ++bin) {
        const auto any = [&] {
            for (std::size_t category = 0; category < timeline.categories(); ++category) {
                if (timeline.cell(bin, category).packets > 0)
                    return true;
            }
            return false;
        };
        if (!any())
            continue;
        const std::int64_t start = timeline.start(bin);
        const auto width = static_cast<std::int64_t>((std::uint64_t{1} << timeline.shift()) - 1);
        if (!last || bin - *last - 1 >= longGap)
            stretches.push_back({start, start});
        stretches.back().last = start + width;
        last = bin;
    }
    return stretches;
}

/// When there are flows. One is there until it ends, so that what it crosses is no gap.
std::vector<TimeRange> lives(const FlowTable& flows)
{
    std::vector<TimeRange> all;
    for (std::size_t i = 0; i < flows.size(); ++i) {
        const auto [first, last] = std::minmax({flows.start(i), flows.end(i)});
        all.push_back({first, last});
    }
    std::ranges::sort(all, {}, &TimeRange::first);
    std::vector<TimeRange> busy;
    for (const TimeRange& life : all) {
        if (busy.empty() ||
            (life.first > busy.back().last && between(busy.back().last, life.first) >= shortestGap))
            busy.push_back(life);
        else
            busy.back().last = std::max(busy.back().last, life.last);
    }
    return busy;
}

/// Makes each stretch end with what is in it.
class Tightener
{
public:
    explicit Tightener(std::vector<TimeRange> rough) : rough_(std::move(rough))
    {
        constexpr TimeRange nothing{std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int64_t>::min()};
        tight_.assign(rough_.size(), nothing);
    }

    void take(std::int64_t time)
    {
        if (time < rough_[at_].first || time > rough_[at_].last) { // packets of one stretch come together
            const auto found = std::partition_point(rough_.begin(), rough_.end(),
                                                    [&](const TimeRange& r) { return r.last < time; });
            if (found == rough_.end() || time < found->first)
                return;
            at_ = static_cast<std::size_t>(found - rough_.begin());
        }
        TimeRange& into = tight_[at_];
        into.first = std::min(into.first, time);
        into.last = std::max(into.last, time);
    }

    std::vector<TimeRange> finish()
    {
        std::erase_if(tight_, [](const TimeRange& range) { return range.first > range.last; });
        return std::move(tight_);
    }

private:
    std::vector<TimeRange> rough_, tight_;
    std::size_t at_ = 0;
};

} // namespace

std::vector<TimeRange> joinAcrossShortGaps(const std::vector<TimeRange>& stretches)
{
    if (stretches.size() < 2)
        return stretches;
    const auto gapAfter = [&](std::size_t i) { return between(stretches[i].last, stretches[i + 1].first); };
    std::vector<std::size_t> longest(stretches.size() - 1);
    std::iota(longest.begin(), longest.end(), std::size_t{0});
    std::ranges::stable_sort(longest, [&](auto a, auto b) { return gapAfter(a) > gapAfter(b); });
    std::uint64_t rest = between(stretches.front().first, stretches.back().last);
    std::size_t left = 0; // so many of the longest are left out
    for (std::size_t i = 0; i < std::min(longest.size(), mostGaps); ++i) {
        const std::uint64_t gap = gapAfter(longest[i]);
        rest -= gap;
        if (gap >= shortestGap && gap / gapToBusy >= rest)
            left = i + 1;
    }
    longest.resize(left);
    std::vector<TimeRange> joined{stretches.front()};
    for (std::size_t i = 0; i + 1 < stretches.size(); ++i) {
        if (std::ranges::find(longest, i) != longest.end())
            joined.push_back(stretches[i + 1]);
        else
            joined.back().last = stretches[i + 1].last;
    }
    return joined;
}

Result<std::vector<TimeRange>> busyStretches(const Analysis& analysis, StopFlag stop)
{
    return guarded([&]() -> Result<std::vector<TimeRange>> {
        if (analysis.flowTable())
            return joinAcrossShortGaps(lives(analysis.flows));
        if (analysis.totals.rows.kept == 0)
            return std::vector<TimeRange>{};
        auto rough = roughStretches(analysis.byClass);
        if (rough.size() < 2)
            return std::vector<TimeRange>{{analysis.totals.firstTimestamp, analysis.totals.lastTimestamp}};
        Tightener tightener(std::move(rough));
        PacketSpool::Reader reader(analysis.spool);
        for (std::size_t block = 0; block < analysis.spool.blocks(); ++block) {
            if (stopped(stop))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
            if (auto loaded = reader.load(block, PacketSpool::Time); !loaded)
                return std::move(loaded).error();
            for (const Packet& packet : reader.packets())
                tightener.take(packet.timestamp);
        }
        return joinAcrossShortGaps(tightener.finish());
    });
}

} // namespace packetloom
