// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/flow_tracker.h"

#include "core/support/prefetch.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t handedAhead = 8;   // flows whose packets are fetched before their turn
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

FlowTracker::Slot FlowTracker::open(const FlowKey& key, std::uint64_t row, std::uint64_t hash)
{
    Slot slot = fresh_;
    if (!freeSlots_.empty()) {
        slot = freeSlots_.back();
        freeSlots_.pop_back();
    } else {
        if (fresh_ == SlotTable::none)
            throw std::length_error("more than 2^32 - 1 open flows");
        if (fresh_ % flowsPerSlab == 0)
            slabs_.push_back(std::make_unique<Slab>());
        ++fresh_;
    }
    OpenFlow& opened = flow(slot);
    opened.key = key;
    opened.last = {};
    opened.packets.clear();
    opened.count = 0;
    opened.number = 0;
    opened.firstRow = row;
    opened.ended = opened.timedOut = opened.openedByHigh = false;
    opened.inOrder = true;
    table_.insert(hash, slot);
    opened_.push_back(slot);
    openedRows_.push_back(row);
    ++openedFlows_;
    return slot;
}

bool FlowTracker::add(const Packet& packet, std::uint64_t row)
{
    newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
    if (!FlowKey::hasFlow(packet))
        return false;
    add(packet, row, hash_(FlowKey::of(packet)));
    return true;
}

// A packet's flow is found through two cache misses that depend on each other. So many are sent on their way
// before the first is waited for.
void FlowTracker::add(std::span<const Packet> packets, std::span<const Routed> routed, std::uint64_t firstRow)
{
    while (!routed.empty()) {
        const auto group = routed.first(std::min(packetsAhead, routed.size()));
        for (const Routed& one : group)
            table_.prefetch(one.hash);
        for (const Routed& one : group) {
            if (const Slot slot = table_.guess(one.hash); slot != SlotTable::none)
                prefetchLines(&flow(slot), sizeof(OpenFlow));
        }
        for (const Routed& one : group)
            add(packets[one.index], firstRow + one.index, one.hash);
        routed = routed.subspan(group.size());
    }
}

void FlowTracker::add(const Packet& packet, std::uint64_t row, std::uint64_t hash)
{
    const FlowKey key = FlowKey::of(packet);
    Slot slot = table_.find(hash, [&](Slot s) { return flow(s).key == key; });
    if (slot == SlotTable::none) {
        slot = open(key, row, hash);
        inactive_.insert(slot, packet.timestamp);
    }
    OpenFlow& now = flow(slot);
    if (now.count > 0 && packet.timestamp < now.last.timestamp) { // time runs backward in this capture
        now.inOrder = false;
        if (packet.timestamp < inactive_.time(slot))
            inactive_.update(slot, packet.timestamp);
    }
    now.lastRow = row;
    const FlowPacket own = FlowPacket::of(packet);
    if (now.count++ == 0)
        now.openedByHigh = own.fromHigh;
    static_assert(std::tuple_size_v<EncodedPacket> <= PacketStore::mostAtOnce);
    store_.grow(now.packets, encodePacket(own, now.last, PacketStore::room(now.packets)));
    if (now.packets.bytes > spillBytes_) [[unlikely]]
        spill(now);
    if (!now.ended && packet.flags.has(TcpFlags::fin | TcpFlags::rst)) {
        now.ended = true;
        complete_.push_back(slot);
    }
}

void FlowTracker::spill(OpenFlow& flow)
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

// Those whose last packet lies at least the timeout before the chunk's newest one. The queue's times may be
// too early; a flow found to be active is put where it belongs, so each costs at most one step a chunk.
void FlowTracker::collectTimedOut(std::int64_t newestOfChunk)
{
    constexpr auto earliest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::min());
    const auto newest = static_cast<std::uint64_t>(newestOfChunk);
    if (!timeout_ || *timeout_ > newest - earliest)
        return; // nothing can be that much older
    const auto limit = static_cast<std::int64_t>(newest - *timeout_);
    while (!inactive_.empty() && inactive_.time(inactive_.first()) <= limit) {
        const Slot slot = inactive_.first();
        OpenFlow& now = flow(slot);
        if (now.last.timestamp > inactive_.time(slot)) {
            inactive_.update(slot, now.last.timestamp);
            continue;
        }
        inactive_.remove(slot);
        now.timedOut = true;
        if (!now.ended)
            complete_.push_back(slot);
    }
}

// Of opening: by then all have their numbers.
void FlowTracker::putInOrder(std::vector<Slot>& slots) const
{
    std::sort(slots.begin(), slots.end(), [&](Slot a, Slot b) { return flow(a).number < flow(b).number; });
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
    judged_.clear();
    judged_.reserve(table_.size());
    table_.forEach([&](Slot slot) { judged_.push_back(slot); });
    putInOrder(judged_);
    return judged_;
}

void FlowTracker::setNumbers(std::span<const std::uint64_t> numbers)
{
    for (std::size_t i = 0; i < opened_.size(); ++i)
        flow(opened_[i]).number = numbers[i];
    opened_.clear();
    openedRows_.clear();
}

void FlowTracker::numberThem()
{
    std::uint64_t number = openedFlows_ - opened_.size();
    for (const Slot slot : opened_)
        flow(slot).number = ++number;
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
        if (i + handedAhead < slots.size())
            prefetch(slots[i + handedAhead]);
        if (!handOver(slots[i], sink))
            return false;
    }
    return true;
}

void FlowTracker::prefetch(Slot slot) const
{
    store_.prefetch(flow(slot).packets);
}

bool FlowTracker::handOver(Slot slot, FlowSink& sink)
{
    OpenFlow& now = flow(slot);
    const auto bytes = store_.read(now.packets, bytes_);
    store_.release(now.packets);
    const bool goOn = sink.take({.number = now.number,
                                 .key = now.key,
                                 .firstRow = now.firstRow,
                                 .lastRow = now.lastRow,
                                 .packets = now.count,
                                 .byTimeout = now.timedOut && !now.ended,
                                 .openedByHigh = now.openedByHigh,
                                 .inOrder = now.inOrder,
                                 .bytes = bytes,
                                 .spilled = std::move(now.spilled)});
    table_.erase(hash_(now.key), slot);
    if (!now.timedOut)
        inactive_.remove(slot);
    freeSlots_.push_back(slot);
    return goOn;
}

} // namespace packetloom
