// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/seen_stream.h"

#include <algorithm>
#include <map>

namespace packetloom::generator {
namespace {

/// What was seen of one side's stream: ranges that neither overlap nor touch.
class SeenRanges
{
public:
    /// How many of these bytes are new.
    std::uint32_t add(std::uint32_t from, std::uint32_t to)
    {
        std::uint32_t fresh = to - from, low = from, high = to;
        auto at = ranges_.upper_bound(from);
        if (at != ranges_.begin() && std::prev(at)->second >= from)
            --at;
        while (at != ranges_.end() && at->first <= to) {
            const std::uint32_t first = std::max(at->first, from), last = std::min(at->second, to);
            fresh -= last > first ? last - first : 0;
            low = std::min(low, at->first);
            high = std::max(high, at->second);
            at = ranges_.erase(at);
        }
        ranges_[low] = high;
        return fresh;
    }
    [[nodiscard]] std::uint32_t end() const { return ranges_.empty() ? 0 : std::prev(ranges_.end())->second; }

private:
    std::map<std::uint32_t, std::uint32_t> ranges_;
};

} // namespace

void lookAt(TcpCourse& course, bool openingHidden)
{
    auto& seen = course.seen;
    std::stable_sort(seen.begin(), seen.end(),
                     [](const SeenSegment& a, const SeenSegment& b) { return a.time < b.time; });
    if (openingHidden) {
        const auto first = std::find_if(seen.begin(), seen.end(),
                                        [](const SeenSegment& s) { return s.segment.payload > 0; });
        seen.erase(seen.begin(), first);
    }
    constexpr Marks again = afterTimeout | afterAcks | inRecovery | seenTwice;
    std::array<SeenRanges, 2> streams;
    std::array<std::uint32_t, 2> acknowledged{}; // of that side's stream
    std::uint64_t last = 0;
    bool first = true;
    for (SeenSegment& s : seen) {
        s.time = first ? s.time : std::max(s.time, last + 1);
        last = s.time;
        first = false;
        Segment& segment = s.segment;
        const std::size_t side = s.fromServer ? 1 : 0;
        const std::uint32_t length = segment.payload + ((segment.flags & (syn | fin)) != 0 ? 1U : 0U);
        const bool stray = (segment.marks & (keepAlive | windowProbe)) != 0 || (segment.flags & rst) != 0;
        if (length > 0 && !stray) {
            const std::uint32_t before = streams[side].end(), end = segment.offset + length;
            const std::uint32_t fresh = streams[side].add(segment.offset, end);
            const std::uint32_t numbers = length - segment.payload;
            s.fresh = fresh > numbers || segment.payload > 0 ? std::min(fresh, segment.payload) : 0;
            if ((segment.marks & again) != 0) {
                if (fresh == length)
                    segment.marks |= unseenBefore;
                if (end <= acknowledged[side])
                    segment.marks |= needless;
            } else if (end <= before && fresh > 0) {
                segment.marks |= overtaken;
            }
            if (segment.offset > before && before > 0)
                segment.marks |= afterGap;
        }
        if ((segment.flags & ack) != 0)
            acknowledged[1 - side] = std::max(acknowledged[1 - side], segment.acknowledged);
    }
}

} // namespace packetloom::generator
