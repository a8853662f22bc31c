// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/timeout_queue.h"

namespace packetloom {

void TimeoutQueue::place(std::uint32_t position, Slot slot)
{
    heap_[position] = slot;
    entries_[slot].position = position;
}

void TimeoutQueue::insert(Slot slot, std::int64_t time)
{
    if (slot >= entries_.size())
        entries_.resize(std::size_t{slot} + 1);
    entries_[slot].time = time;
    heap_.push_back(slot);
    const auto last = static_cast<std::uint32_t>(heap_.size() - 1);
    place(last, slot);
    siftUp(last);
}

void TimeoutQueue::remove(Slot slot)
{
    const auto position = entries_[slot].position;
    const Slot last = heap_.back();
    heap_.pop_back();
    if (last == slot)
        return;
    place(position, last);
    siftUp(position);
    siftDown(entries_[last].position);
}

void TimeoutQueue::update(Slot slot, std::int64_t time)
{
    entries_[slot].time = time;
    siftUp(entries_[slot].position);
    siftDown(entries_[slot].position);
}

void TimeoutQueue::siftUp(std::uint32_t position)
{
    const Slot slot = heap_[position];
    while (position > 0) {
        const std::uint32_t parent = (position - 1) / 2;
        if (entries_[heap_[parent]].time <= entries_[slot].time)
            break;
        place(position, heap_[parent]);
        position = parent;
    }
    place(position, slot);
}

void TimeoutQueue::siftDown(std::uint32_t position)
{
    const Slot slot = heap_[position];
    const auto size = static_cast<std::uint32_t>(heap_.size());
    for (std::uint32_t child = 2 * position + 1; child < size; child = 2 * position + 1) {
        if (child + 1 < size && entries_[heap_[child + 1]].time < entries_[heap_[child]].time)
            ++child;
        if (entries_[slot].time <= entries_[heap_[child]].time)
            break;
        place(position, heap_[child]);
        position = child;
    }
    place(position, slot);
}

} // namespace packetloom
