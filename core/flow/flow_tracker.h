// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow.h"
#include "core/flow/packet_codec.h"
#include "core/flow/packet_store.h"
#include "core/flow/timeout_queue.h"

#include <cstdint>
#include <optional>
#include <tsl/robin_map.h>
#include <vector>

namespace packetloom {

/// The connection table: which flows are open, and when they are complete (reference.md, Flows). Time is the
/// capture's, never the clock's. Memory follows the open flows and their packets.
class FlowTracker
{
public:
    /// `timeoutSeconds` >= 0: the inactivity that ends a flow.
    explicit FlowTracker(std::int64_t timeoutSeconds);

    /// A TCP packet, in file order. One with a zero port or an empty address belongs to no flow. `row` is the
    /// caller's number of it, which the flow carries.
    void add(const Packet& packet, std::uint64_t row = 0);
    /// Judges the open flows by the packets since the last call, and hands over the complete ones in order of
    /// opening. Without a packet since then it judges nothing. False when the sink stopped the run.
    bool endReadChunk(FlowSink& sink);
    /// Hands over what is still open, in order of opening.
    bool finish(FlowSink& sink);

    [[nodiscard]] std::uint64_t openFlows() const { return slotOf_.size(); }
    /// Flows opened so far, complete or not.
    [[nodiscard]] std::uint64_t openedFlows() const { return opened_; }

private:
    using Slot = TimeoutQueue::Slot;
    struct OpenFlow
    {
        std::uint64_t number = 0;
        std::uint64_t firstRow = 0;
        std::uint64_t lastRow = 0;
        FlowKey key;
        PacketPrediction last; ///< of the packet that came last in file order
        PacketStore::Chain packets;
        bool ended = false; ///< a FIN or RST was seen
        bool timedOut = false;
    };
    struct Hash
    {
        std::size_t operator()(const FlowKey& key) const { return key.hash(); }
    };

    Slot open(const FlowKey& key);
    void collectTimedOut();
    bool handOver(Slot slot, FlowSink& sink);
    bool handOverAll(std::vector<Slot>& slots, FlowSink& sink);

    std::optional<std::uint64_t> timeout_; ///< microseconds; none when longer than all of time
    std::vector<OpenFlow> flows_;
    std::vector<Slot> freeSlots_;
    tsl::robin_map<FlowKey, Slot, Hash> slotOf_;
    TimeoutQueue inactive_;
    PacketStore store_;
    std::vector<Slot> complete_;         ///< since the last judgement: ended ones, then timed-out ones
    std::optional<std::int64_t> newest_; ///< newest TCP timestamp of this read chunk
    std::uint64_t opened_ = 0;
    std::vector<std::uint8_t> bytes_; ///< reused in handOver()
    std::vector<FlowPacket> packets_; ///< reused in handOver()
};

} // namespace packetloom
