// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// When flows are complete, in which order they are told, and what is told of them.

#include "core/flow/flow_tracker.h"
#include "core/support/prefetch.h"
#include "core/support/radix_sort.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t handedAhead = 10;  // flows whose packets are fetched before their turn
constexpr std::size_t recordsAhead = 16; // flows that are fetched before their turn to be sorted

} // namespace

// Those whose last packet lies at least the timeout before the chunk's newest one.
void FlowTracker::collectTimedOut(std::int64_t newestOfChunk)
{
    constexpr auto earliest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::min());
    const auto newest = static_cast<std::uint64_t>(newestOfChunk);
    if (!timeout_ || *timeout_ > newest - earliest)
        return; // nothing can be that much older
    const auto limit = static_cast<std::int64_t>(newest - *timeout_);
    for (Slot group = 0; group < fresh_; group += slotsAGroup) {
        if (oldest(group) <= limit)
            collectTimedOut(group, limit);
        if (fresh_ - group < slotsAGroup)
            break; // what follows may be no number
    }
}

// A group whose time was too early learns the true one, so it is looked at once a timeout, or when one of its
// flows times out.
void FlowTracker::collectTimedOut(Slot group, std::int64_t limit)
{
    std::int64_t& oldestOfGroup = oldest(group);
    oldestOfGroup = std::numeric_limits<std::int64_t>::max();
    const Slot count = std::min<Slot>(slotsAGroup, fresh_ - group);
    for (Slot slot = group; slot < group + count; ++slot) {
        ShortFlow& now = flow(slot);
        if (now.place == ShortFlow::Place::Free || now.timedOut)
            continue;
        const std::int64_t last =
            now.place == ShortFlow::Place::Long ? longFlow(now).last.timestamp : now.lastTimestamp();
        if (last > limit) {
            oldestOfGroup = std::min(oldestOfGroup, last);
            continue;
        }
        now.timedOut = true;
        if (!now.ended)
            complete_.push_back(slot);
    }
}

template <class Key>
void FlowTracker::putInOrderBy(std::vector<Slot>& slots) const
{
    std::vector<Ranked<Key>> ranked;
    ranked.reserve(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (i + recordsAhead < slots.size())
            prefetchLines(&flow(slots[i + recordsAhead]), sizeof(ShortFlow));
        ranked.push_back({static_cast<Key>(number(slots[i])), slots[i]});
    }
    sortRanked(ranked);
    for (std::size_t i = 0; i < slots.size(); ++i)
        slots[i] = ranked[i].what;
}

// Of opening: by then all have their numbers.
void FlowTracker::putInOrder(std::vector<Slot>& slots) const
{
    if (newestNumber_ > std::numeric_limits<std::uint32_t>::max())
        putInOrderBy<std::uint64_t>(slots);
    else
        putInOrderBy<std::uint32_t>(slots);
}

const std::vector<FlowTracker::Slot>& FlowTracker::complete(std::int64_t newest)
{
    collectTimedOut(newest);
    judged_.clear();
    judged_.swap(complete_);
    putInOrder(judged_);
    return judged_;
}

const std::vector<FlowTracker::Slot>& FlowTracker::open()
{
    complete_.clear();
    table_ = {};
    closing_ = true;
    judged_.clear();
    judged_.reserve(openFlows_);
    for (Slot slot = 0; slot < fresh_; ++slot) {
        if (flow(slot).place != ShortFlow::Place::Free)
            judged_.push_back(slot);
    }
    putInOrder(judged_);
    return judged_;
}

void FlowTracker::setNumber(ShortFlow& at, std::uint64_t number)
{
    newestNumber_ = number;
    if (at.place == ShortFlow::Place::Short && at.setNumber(number))
        return;
    LongFlow& flow = at.place == ShortFlow::Place::Long ? longFlow(at) : moved(at);
    flow.number = number;
}

void FlowTracker::setNumbers(std::span<const std::uint64_t> numbers)
{
    for (std::size_t i = 0; i < opened_.size(); ++i)
        setNumber(flow(opened_[i]), numbers[i]);
    opened_.clear();
    openedRows_.clear();
}

void FlowTracker::numberThem()
{
    std::uint64_t number = openedFlows_ - opened_.size();
    for (const Slot slot : opened_)
        setNumber(flow(slot), ++number);
    opened_.clear();
    openedRows_.clear();
}

bool FlowTracker::endReadChunk(FlowSink& sink)
{
    if (!newest_)
        return true;
    numberThem();
    return handOverAll(complete(*std::exchange(newest_, std::nullopt)), sink);
}

bool FlowTracker::finish(FlowSink& sink)
{
    numberThem();
    newest_.reset();
    return handOverAll(open(), sink);
}

bool FlowTracker::handOverAll(const std::vector<Slot>& slots, FlowSink& sink)
{
    for (std::size_t i = 0; i < slots.size(); ++i) {
        prefetch(slots, i);
        if (!handOver(slots[i], sink))
            return false;
    }
    return true;
}

// What leads to what is fetched in time for it.
void FlowTracker::prefetch(std::span<const Slot> slots, std::size_t i) const
{
    if (i + 3 * handedAhead < slots.size())
        prefetchLines(&flow(slots[i + 3 * handedAhead]), sizeof(ShortFlow));
    if (i + 2 * handedAhead < slots.size()) {
        const ShortFlow& at = flow(slots[i + 2 * handedAhead]);
        if (at.place == ShortFlow::Place::Long)
            prefetchLines(&longFlow(at), sizeof(LongFlow));
    }
    if (i + handedAhead < slots.size()) {
        const ShortFlow& at = flow(slots[i + handedAhead]);
        if (at.place == ShortFlow::Place::Long)
            store_.prefetch(longFlow(at).packets);
        if (!closing_)
            table_.prefetch(hash_(key(slots[i + handedAhead])));
    }
}

FlowKey FlowTracker::key(Slot slot) const
{
    const ShortFlow& at = flow(slot);
    return at.place == ShortFlow::Place::Long ? longFlow(at).key : at.key();
}

bool FlowTracker::handOver(Slot slot, FlowSink& sink)
{
    ShortFlow& at = flow(slot);
    const FlowKey key = this->key(slot);
    const bool byTimeout = at.timedOut && !at.ended;
    bool goOn = true;
    if (at.place == ShortFlow::Place::Short) {
        ShortFlow::Packets room;
        const auto packets = at.packets(room);
        goOn = sink.take({.number = at.number(),
                          .key = key,
                          .firstRow = at.firstRow(),
                          .lastRow = at.lastRow(),
                          .packets = packets.size(),
                          .byTimeout = byTimeout,
                          .openedByHigh = packets.front().fromHigh,
                          .bytes = {},
                          .spilled = nullptr,
                          .plain = packets});
    } else {
        LongFlow& now = longFlow(at);
        const auto bytes = store_.read(now.packets, bytes_);
        store_.release(now.packets);
        goOn = sink.take({.number = now.number,
                          .key = key,
                          .firstRow = now.firstRow,
                          .lastRow = now.lastRow,
                          .packets = now.count,
                          .byTimeout = byTimeout,
                          .openedByHigh = now.openedByHigh,
                          .inOrder = now.inOrder,
                          .bytes = bytes,
                          .spilled = std::move(now.spilled),
                          .plain = {}});
        freeLong_.push_back(at.longFlow());
    }
    at.place = ShortFlow::Place::Free;
    --openFlows_;
    if (!closing_) {
        table_.erase(hash_(key), slot);
        freeSlots_.push_back(slot);
    }
    return goOn;
}

} // namespace packetloom
