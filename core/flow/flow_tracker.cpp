// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/flow_tracker.h"

#include "core/support/prefetch.h"
#include "core/support/radix_sort.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t handedAhead = 10;  // flows whose packets are fetched before their turn
constexpr std::size_t recordsAhead = 16; // flows that are fetched before their turn to be sorted
constexpr std::size_t packetsAhead = 32; // packets whose flows are looked for before any of them is touched

} // namespace

FlowTracker::FlowTracker(std::int64_t timeoutSeconds, std::filesystem::path spillFolder,
                         std::size_t spillBytes, const FlowKeyHash& hash)
    : hash_(hash), spillFolder_(std::move(spillFolder)), spillBytes_(spillBytes)
{
    constexpr std::uint64_t microseconds = 1'000'000;
    const auto seconds = static_cast<std::uint64_t>(timeoutSeconds);
    if (seconds <= std::numeric_limits<std::uint64_t>::max() / microseconds)
        timeout_ = seconds * microseconds;
}

FlowTracker::Slot FlowTracker::open(const FlowKey& key, const FlowPacket& packet, std::uint64_t row,
                                    std::uint64_t hash)
{
    Slot slot = fresh_;
    if (!freeSlots_.empty()) {
        slot = freeSlots_.back();
        freeSlots_.pop_back();
    } else {
        if (fresh_ == SlotTable::none)
            throw std::length_error("more than 2^32 - 1 open flows");
        if (fresh_ % slotsASlab == 0) {
            slabs_.push_back(std::make_unique_for_overwrite<Slab>());
            slabs_.back()->oldest.fill(std::numeric_limits<std::int64_t>::max());
        }
        ++fresh_;
    }
    ShortFlow& opened = flow(slot);
    opened.place = ShortFlow::Place::Short;
    opened.ended = opened.timedOut = false;
    if (!opened.begin(key, packet, row))
        append(makeLong(opened, key, row, 0), packet, row);
    oldest(slot) = std::min(oldest(slot), packet.timestamp);
    table_.insert(hash, slot);
    closing_ = false;
    opened_.push_back(slot);
    openedRows_.push_back(row);
    ++openedFlows_;
    ++openFlows_;
    return slot;
}

FlowTracker::LongFlow& FlowTracker::makeLong(ShortFlow& at, const FlowKey& key, std::uint64_t firstRow,
                                             std::uint64_t number)
{
    std::uint32_t where = freshLong_;
    if (!freeLong_.empty()) {
        where = freeLong_.back();
        freeLong_.pop_back();
    } else {
        if (freshLong_ % longFlowsASlab == 0)
            longSlabs_.push_back(std::make_unique<LongSlab>());
        ++freshLong_;
    }
    at.setLongFlow(where);
    LongFlow& flow = longFlow(at);
    flow.key = key;
    flow.last = {};
    flow.packets.clear();
    flow.count = 0;
    flow.number = number;
    flow.firstRow = firstRow;
    flow.openedByHigh = false;
    flow.inOrder = true;
    return flow;
}

FlowTracker::LongFlow& FlowTracker::moved(ShortFlow& at)
{
    ShortFlow::Packets packets;
    const auto all = at.packets(packets);
    const std::uint64_t lastRow = at.lastRow();
    LongFlow& flow = makeLong(at, at.key(), at.firstRow(), at.number());
    for (const FlowPacket& packet : all)
        append(flow, packet, lastRow);
    return flow;
}

bool FlowTracker::add(const Packet& packet, std::uint64_t row)
{
    newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
    if (!FlowKey::hasFlow(packet))
        return false;
    add(packet, row, hash_(FlowKey::of(packet)), SlotTable::none);
    return true;
}

// A packet's flow is found through cache misses that depend on each other. So many are sent on their way
// before the first is waited for.
void FlowTracker::add(std::span<const Packet> packets, std::span<const Routed> routed, std::uint64_t firstRow)
{
    std::array<Slot, packetsAhead> guesses;
    while (!routed.empty()) {
        const auto group = routed.first(std::min(packetsAhead, routed.size()));
        for (const Routed& one : group)
            table_.prefetch(one.hash);
        for (std::size_t i = 0; i < group.size(); ++i) {
            guesses[i] = table_.guess(group[i].hash);
            if (guesses[i] != SlotTable::none)
                prefetchLines(&flow(guesses[i]), sizeof(ShortFlow));
        }
        for (std::size_t i = 0; i < group.size(); ++i) {
            if (guesses[i] != SlotTable::none && flow(guesses[i]).place == ShortFlow::Place::Long)
                prefetchLines(&longFlow(flow(guesses[i])), sizeof(LongFlow));
        }
        for (std::size_t i = 0; i < group.size(); ++i)
            add(packets[group[i].index], firstRow + group[i].index, group[i].hash, guesses[i]);
        routed = routed.subspan(group.size());
    }
}

void FlowTracker::add(const Packet& packet, std::uint64_t row, std::uint64_t hash, Slot guess)
{
    const FlowKey key = FlowKey::of(packet);
    const FlowPacket own = FlowPacket::of(packet);
    Slot slot = guess;
    if (slot == SlotTable::none || !isOf(flow(slot), key)) // or one of the packets before opened it
        slot = table_.find(hash, [&](Slot s) { return isOf(flow(s), key); });
    if (slot == SlotTable::none) {
        slot = open(key, own, row, hash);
    } else {
        ShortFlow& at = flow(slot);
        bool later = true;
        if (at.place == ShortFlow::Place::Long)
            later = append(longFlow(at), own, row);
        else if (!at.add(own, row))
            later = append(moved(at), own, row);
        if (!later) // time runs backward in this capture
            oldest(slot) = std::min(oldest(slot), own.timestamp);
    }
    ShortFlow& now = flow(slot);
    if (!now.ended && packet.flags.has(TcpFlags::fin | TcpFlags::rst)) {
        now.ended = true;
        complete_.push_back(slot);
    }
}

bool FlowTracker::append(LongFlow& now, const FlowPacket& packet, std::uint64_t row)
{
    const bool later = now.count == 0 || packet.timestamp >= now.last.timestamp;
    if (now.count++ == 0)
        now.openedByHigh = packet.fromHigh;
    now.inOrder = now.inOrder && later;
    now.lastRow = row;
    static_assert(std::tuple_size_v<EncodedPacket> <= PacketStore::mostAtOnce);
    store_.grow(now.packets, encodePacket(packet, now.last, PacketStore::room(now.packets)));
    if (now.packets.bytes > spillBytes_) [[unlikely]]
        spill(now);
    return later;
}

void FlowTracker::spill(LongFlow& flow)
{
    if (failure_)
        return;
    if (!spillFile_) {
        auto file = File::temporary(spillFolder_);
        if (!file) {
            failure_ = std::move(file).error();
            return;
        }
        spillFile_ = std::make_shared<File>(*std::move(file));
    }
    const auto bytes = store_.read(flow.packets, bytes_);
    if (auto written =
            spillFile_->writeAt(spilledBytes_, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        !written) {
        failure_ = std::move(written).error();
        return; // they stay where they are: whoever gets the flow before the run ends needs it whole
    }
    store_.release(flow.packets);
    if (!flow.spilled) {
        flow.spilled = std::make_unique<SpilledPackets>();
        flow.spilled->file = spillFile_;
    }
    flow.spilled->pieces.push_back({spilledBytes_, bytes.size()});
    spilledBytes_ += bytes.size();
}

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
