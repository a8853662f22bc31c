// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/frame_totals.h"

#include <algorithm>
#include <span>

namespace packetloom {
namespace {

// Frames among the rows from `begin` to before `end`.
std::uint64_t framesIn(const FrameNotes& frames, std::uint32_t begin, std::uint32_t end)
{
    const auto first = std::ranges::lower_bound(frames.inner, begin),
               last = std::ranges::lower_bound(frames.inner, end);
    return end - begin - static_cast<std::uint64_t>(last - first);
}

} // namespace

void FrameTotals::add(const FrameNotes& frames, std::uint32_t begin, std::uint32_t end, std::uint32_t rows,
                      RepeatWindow& before)
{
    if (frames.links.empty())
        return;
    frames_ += framesIn(frames, begin, end);
    addLinks(frames, begin, end);
    if (begin == 0 && end == rows) { // almost always
        counts_.add(frames.counts);
    } else {
        const auto first = std::ranges::lower_bound(frames.notes, begin, {}, &FrameNote::row);
        for (auto note = first; note != frames.notes.end() && note->row < end; ++note)
            counts_.add(*note);
    }
    seenAgain_ += before.add(std::span(frames.fingerprints).subspan(begin, end - begin));
}

void FrameTotals::append(const Parts& next)
{
    for (const auto& [type, count] : next.linkTypes)
        linkTypes_[type] += count;
    counts_.add(next.counts);
    frames_ += next.frames;
    seenAgain_ += next.seenAgain;
    checksumsVerified_ = checksumsVerified_ || next.checksumsVerified;
}

void FrameTotals::addLinks(const FrameNotes& frames, std::uint32_t begin, std::uint32_t end)
{
    for (std::size_t i = 0; i < frames.links.size(); ++i) {
        const auto& link = frames.links[i];
        const std::uint32_t first = std::max(link.row, begin),
                            last = i + 1 < frames.links.size() ? std::min(frames.links[i + 1].row, end) : end;
        if (first < last && link.type != FrameNotes::Link::unknown)
            linkTypes_[static_cast<std::uint16_t>(link.type)] += framesIn(frames, first, last);
    }
}

} // namespace packetloom
