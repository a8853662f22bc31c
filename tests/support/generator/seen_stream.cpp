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
    std::array<std::uint32_t, 2> said{};         // behind the highest number of that side, ACKs' included
    std::array<bool, 2> heard{};
    std::array<bool, 2> closed{}; // that side's window, by its last segment
    std::uint64_t last = 0;
    bool first = true;
    for (SeenSegment& s : seen) {
        s.time = first ? s.time : std::max(s.time, last + 1);
        last = s.time;
        first = false;
        Segment& segment = s.segment;
        const std::size_t side = s.fromServer ? 1 : 0;
        const std::uint32_t length = segment.payload + ((segment.flags & (syn | fin)) != 0 ? 1U : 0U);
        // A probe's byte is none of the stream yet, unless it passes the opening of the window on its way;
        // and the number of a reset may be anything.
        const bool stray =
            ((segment.marks & windowProbe) != 0 && closed[1 - side]) || (segment.flags & rst) != 0;
        if ((segment.flags & rst) == 0)
            closed[side] = segment.window == 0;
        const std::uint32_t end = segment.offset + length;
        if ((segment.flags & ack) != 0)
            acknowledged[1 - side] = std::max(acknowledged[1 - side], segment.acknowledged);
        if (stray)
            continue;
        if (segment.offset > said[side] && heard[side])
            segment.marks |= afterGap;
        if (length > 0 && (segment.marks & keepAlive) == 0) {
            const std::uint32_t fresh = streams[side].add(segment.offset, end);
            s.fresh = std::min(fresh, segment.payload);
            if ((segment.marks & again) != 0) {
                if (fresh == length)
                    segment.marks |= unseenBefore;
                if (end <= acknowledged[side])
                    segment.marks |= needless;
                else if (segment.offset >= said[side])
                    segment.marks |= looksNew;
            } else if (end <= said[side]) { // maybe by what was sent again of itself
                segment.marks |= overtaken;
            }
        }
        said[side] = std::max(said[side], end);
        heard[side] = true;
    }
}

} // namespace packetloom::generator
