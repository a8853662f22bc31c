// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/growth.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// Which open flows have been inactive the longest: an indexed binary min-heap by the time of a flow's last
/// packet. A flow that becomes active again is not moved at once: the time here may lie before the true one,
/// never behind it.
class TimeoutQueue
{
public:
    using Slot = std::uint32_t;

    void insert(Slot slot, std::int64_t time);
    void remove(Slot slot);
    /// To an earlier or later time.
    void update(Slot slot, std::int64_t time);
    [[nodiscard]] bool empty() const { return heap_.empty(); }
    [[nodiscard]] Slot first() const { return heap_.front(); }
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return growthOf(heap_, more) + growthOf(entries_, more);
    }
    [[nodiscard]] std::int64_t time(Slot slot) const { return entries_[slot].time; }

private:
    struct Entry
    {
        std::int64_t time;
        std::uint32_t position;
    };

    void place(std::uint32_t position, Slot slot);
    void siftUp(std::uint32_t position);
    void siftDown(std::uint32_t position);

    std::vector<Slot> heap_;
    std::vector<Entry> entries_; ///< by slot
};

} // namespace packetloom
