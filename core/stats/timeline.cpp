// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/timeline.h"

#include <algorithm>

namespace packetloom {

void Timeline::add(std::int64_t timestamp, std::size_t category, const Cell& packets)
{
    // Unsigned differences here and below: the span may be all of 64 bits.
    std::int64_t number = timestamp >> shift_;
    if (cells_.empty()) {
        first_ = number;
        cells_.resize(categories_);
    } else if (static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(first_) >=
               bins()) { // or before
        makeRoomFor(timestamp);
        number = timestamp >> shift_;
    }
    Cell& cell = cells_[static_cast<std::size_t>(number - first_) * categories_ + category];
    cell.packets += packets.packets;
    cell.bytes += packets.bytes;
}

void Timeline::makeRoomFor(std::int64_t timestamp)
{
    const auto span = [&] {
        const std::int64_t number = timestamp >> shift_;
        const std::int64_t last = first_ + (static_cast<std::int64_t>(bins()) - 1);
        return static_cast<std::uint64_t>(std::max(last, number)) -
               static_cast<std::uint64_t>(std::min(first_, number));
    };
    while (span() >= most_)
        joinNeighbours();
    const std::int64_t number = timestamp >> shift_;
    if (number < first_) {
        const auto more = static_cast<std::size_t>(first_ - number) * categories_;
        cells_.insert(cells_.begin(), more, Cell{});
        first_ = number;
    } else {
        cells_.resize(std::max(cells_.size(), static_cast<std::size_t>(number - first_ + 1) * categories_));
    }
}

void Timeline::joinNeighbours()
{
    const std::int64_t first = first_ >> 1;
    const std::size_t count = bins();
    std::vector<Cell> joined(
        static_cast<std::size_t>(((first_ + (static_cast<std::int64_t>(count) - 1)) >> 1) - first + 1) *
        categories_);
    for (std::size_t bin = 0; bin < count; ++bin) {
        const auto to =
            static_cast<std::size_t>(((first_ + static_cast<std::int64_t>(bin)) >> 1) - first) * categories_;
        for (std::size_t category = 0; category < categories_; ++category) {
            joined[to + category].packets += cells_[bin * categories_ + category].packets;
            joined[to + category].bytes += cells_[bin * categories_ + category].bytes;
        }
    }
    cells_ = std::move(joined);
    first_ = first;
    ++shift_;
}

} // namespace packetloom
