// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/flow_tracker.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace packetloom {
namespace {

constexpr std::size_t handedAhead = 8; // flows whose packets are fetched before their turn

} // namespace

FlowTracker::FlowTracker(std::int64_t timeoutSeconds, std::filesystem::path spillFolder,
                         std::size_t spillBytes)
    : spillFolder_(std::move(spillFolder)), spillBytes_(spillBytes)
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

bool FlowTracker::add(const Packet& packet, std::uint64_t row)
{
    newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
    if (packet.sourcePort == 0 || packet.destinationPort == 0 || packet.source == emptyAddress ||
        packet.destination == emptyAddress)
        return false;
    const FlowKey key = FlowKey::of(packet);
    const std::size_t hash = slots_.hash_function()(key);
    const auto found = slots_.find(key, hash);
    Slot slot = 0;
    if (found == slots_.end()) {
        slot = open(key);
        slots_.insert(slot);
        flows_[slot].firstRow = row;
        inactive_.insert(slot, packet.timestamp);
    } else {
        slot = *found;
    }
    OpenFlow& flow = flows_[slot];
    if (flow.count > 0 && packet.timestamp < flow.last.timestamp) { // time runs backward in this capture
        flow.inOrder = false;
        if (packet.timestamp < inactive_.time(slot))
            inactive_.update(slot, packet.timestamp);
    }
    flow.lastRow = row;
    const FlowPacket own = FlowPacket::of(packet);
    if (flow.count++ == 0)
        flow.openedByHigh = own.fromHigh;
    EncodedPacket encoded;
    const std::size_t size = encodePacket(own, flow.last, encoded);
    store_.append(flow.packets, std::span(encoded).first(size));
    if (flow.packets.bytes > spillBytes_) [[unlikely]]
        spill(flow);
    if (!flow.ended && packet.flags.has(TcpFlags::fin | TcpFlags::rst)) {
        flow.ended = true;
        complete_.push_back(slot);
    }
    return true;
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
    store_.read(flow.packets, bytes_);
    if (auto written =
            spillFile_->writeAt(spilledBytes_, {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
        !written) {
        failure_ = std::move(written).error();
        return; // they stay where they are: whoever gets the flow before the run ends needs it whole
    }
    store_.release(flow.packets);
    if (!flow.spilled) {
        flow.spilled = std::make_unique<SpilledPackets>();
        flow.spilled->file = spillFile_;
    }
    flow.spilled->pieces.push_back({spilledBytes_, bytes_.size()});
    spilledBytes_ += bytes_.size();
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
    rest.reserve(slots_.size());
    rest.insert(rest.end(), slots_.begin(), slots_.end());
    complete_.clear();
    newest_.reset();
    return handOverAll(rest, sink);
}

bool FlowTracker::handOverAll(std::vector<Slot>& slots, FlowSink& sink)
{
    std::sort(slots.begin(), slots.end(),
              [&](Slot a, Slot b) { return flows_[a].number < flows_[b].number; });
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (i + handedAhead < slots.size())
            store_.prefetch(flows_[slots[i + handedAhead]].packets);
        if (!handOver(slots[i], sink))
            return false;
    }
    slots.clear();
    return true;
}

bool FlowTracker::handOver(Slot slot, FlowSink& sink)
{
    OpenFlow& flow = flows_[slot];
    store_.read(flow.packets, bytes_);
    store_.release(flow.packets);
    const bool goOn = sink.take({.number = flow.number,
                                 .key = flow.key,
                                 .firstRow = flow.firstRow,
                                 .lastRow = flow.lastRow,
                                 .packets = flow.count,
                                 .byTimeout = flow.timedOut && !flow.ended,
                                 .openedByHigh = flow.openedByHigh,
                                 .inOrder = flow.inOrder,
                                 .bytes = bytes_,
                                 .spilled = std::move(flow.spilled)});
    slots_.erase(slot);
    if (!flow.timedOut)
        inactive_.remove(slot);
    freeSlots_.push_back(slot);
    return goOn;
}

} // namespace packetloom
