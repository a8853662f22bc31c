// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/flow_tracker.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace packetloom {

FlowTracker::FlowTracker(std::int64_t timeoutSeconds)
{
    constexpr std::uint64_t microseconds = 1'000'000;
    const auto seconds = static_cast<std::uint64_t>(timeoutSeconds);
    if (seconds <= std::numeric_limits<std::uint64_t>::max() / microseconds)
        timeout_ = seconds * microseconds;
}

FlowTracker::Slot FlowTracker::open(const FlowKey& key)
{
    Slot slot = 0;
    if (freeSlots_.empty()) {
        if (flows_.size() >= std::numeric_limits<Slot>::max())
            throw std::length_error("more than 2^32 - 1 open flows");
        slot = static_cast<Slot>(flows_.size());
        flows_.emplace_back();
    } else {
        slot = freeSlots_.back();
        freeSlots_.pop_back();
    }
    OpenFlow& flow = flows_[slot];
    flow = {};
    flow.number = ++opened_;
    flow.key = key;
    return slot;
}

void FlowTracker::add(const Packet& packet, std::uint64_t row)
{
    newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
    if (packet.sourcePort == 0 || packet.destinationPort == 0 || packet.source == emptyAddress ||
        packet.destination == emptyAddress)
        return;
    const FlowKey key = FlowKey::of(packet);
    const std::size_t hash = key.hash();
    const auto found = slotOf_.find(key, hash);
    Slot slot = 0;
    if (found == slotOf_.end()) {
        slot = open(key);
        slotOf_.emplace(key, slot);
        flows_[slot].firstRow = row;
        inactive_.insert(slot, packet.timestamp);
    } else {
        slot = found->second;
        if (packet.timestamp < inactive_.time(slot)) // time runs backward in this capture
            inactive_.update(slot, packet.timestamp);
    }
    OpenFlow& flow = flows_[slot];
    flow.lastRow = row;
    EncodedPacket encoded;
    const std::size_t size = encodePacket(FlowPacket::of(packet, key), flow.last, encoded);
    store_.append(flow.packets, std::span(encoded).first(size));
    if (!flow.ended && packet.flags.has(TcpFlags::fin | TcpFlags::rst)) {
        flow.ended = true;
        complete_.push_back(slot);
    }
}

// Those whose last packet lies at least the timeout before the chunk's newest one. The queue's times may be
// too early; a flow found to be active is put where it belongs, so each costs at most one step a chunk.
void FlowTracker::collectTimedOut()
{
    constexpr auto earliest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::min());
    const auto newest = static_cast<std::uint64_t>(*newest_);
    if (!timeout_ || *timeout_ > newest - earliest)
        return; // nothing can be that much older
    const auto limit = static_cast<std::int64_t>(newest - *timeout_);
    while (!inactive_.empty() && inactive_.time(inactive_.first()) <= limit) {
        const Slot slot = inactive_.first();
        OpenFlow& flow = flows_[slot];
        if (flow.last.timestamp > inactive_.time(slot)) {
            inactive_.update(slot, flow.last.timestamp);
            continue;
        }
        inactive_.remove(slot);
        flow.timedOut = true;
        if (!flow.ended)
            complete_.push_back(slot);
    }
}

bool FlowTracker::endReadChunk(FlowSink& sink)
{
    if (!newest_)
        return true;
    collectTimedOut();
    newest_.reset();
    return handOverAll(complete_, sink);
}

bool FlowTracker::finish(FlowSink& sink)
{
    std::vector<Slot> rest;
    rest.reserve(slotOf_.size());
    for (const auto& [key, slot] : slotOf_)
        rest.push_back(slot);
    complete_.clear();
    newest_.reset();
    return handOverAll(rest, sink);
}

bool FlowTracker::handOverAll(std::vector<Slot>& slots, FlowSink& sink)
{
    std::sort(slots.begin(), slots.end(),
              [&](Slot a, Slot b) { return flows_[a].number < flows_[b].number; });
    for (const Slot slot : slots) {
        if (!handOver(slot, sink))
            return false;
    }
    slots.clear();
    return true;
}

bool FlowTracker::handOver(Slot slot, FlowSink& sink)
{
    OpenFlow& flow = flows_[slot];
    store_.read(flow.packets, bytes_);
    packets_.clear();
    PacketPrediction prediction;
    bool sorted = true;
    for (std::span<const std::uint8_t> rest = bytes_; !rest.empty();) {
        const std::int64_t before = prediction.timestamp;
        packets_.push_back(decodePacket(rest, prediction));
        sorted = sorted && (packets_.size() == 1 || before <= prediction.timestamp);
    }
    if (!sorted)
        std::stable_sort(packets_.begin(), packets_.end(),
                         [](const FlowPacket& a, const FlowPacket& b) { return a.timestamp < b.timestamp; });
    const bool goOn = sink.take(
        {flow.number, flow.key, packets_, flow.timedOut && !flow.ended, flow.firstRow, flow.lastRow});
    slotOf_.erase(flow.key);
    if (!flow.timedOut)
        inactive_.remove(slot);
    store_.release(flow.packets);
    freeSlots_.push_back(slot);
    return goOn;
}

} // namespace packetloom
