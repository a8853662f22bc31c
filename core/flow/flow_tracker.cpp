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

} // namespace packetloom
