// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packed_flow.h"
#include "core/flow/packet_store.h"
#include "core/flow/timeout_queue.h"
#include "core/support/growth.h"

#include <cstdint>
#include <optional>
#include <tsl/robin_set.h>
#include <vector>

namespace packetloom {

/// The connection table: which flows are open, and when they are complete (reference.md, Flows). Time is the
/// capture's, never the clock's. Memory follows the open flows and their packets, of which those of very long
/// flows go to a file.
class FlowTracker
{
public:
    static constexpr std::size_t defaultSpillBytes = std::size_t{4} << 20;

    /// `timeoutSeconds` >= 0: the inactivity that ends a flow. A flow whose packets take more than
    /// `spillBytes` (about 12 a packet) gives them to a nameless file in `spillFolder`.
    explicit FlowTracker(std::int64_t timeoutSeconds, std::filesystem::path spillFolder = {},
                         std::size_t spillBytes = defaultSpillBytes);
    FlowTracker(const FlowTracker&) = delete;
    FlowTracker& operator=(const FlowTracker&) = delete;
    ~FlowTracker() = default;

    /// A TCP packet, in file order. One with a zero port or an empty address belongs to no flow. `row` is the
    /// caller's number of it, which the flow carries. Whether it belongs to a flow.
    bool add(const Packet& packet, std::uint64_t row = 0);
    /// Judges the open flows by the packets since the last call, and hands over the complete ones in order of
    /// opening. Without a packet since then it judges nothing. False when the sink stopped the run.
    bool endReadChunk(FlowSink& sink);
    /// Hands over what is still open, in order of opening.
    bool finish(FlowSink& sink);

    /// Why packets could not be moved out of memory, if so. From then on they stay there.
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
    [[nodiscard]] std::uint64_t openFlows() const { return slots_.size(); }
    /// Flows opened so far, complete or not.
    [[nodiscard]] std::uint64_t openedFlows() const { return opened_; }

    /// See growthOf(): for so many new flows.
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        more -= std::min(more, freeSlots_.size());
        return growthOf(flows_, more) + growthOfTable(slots_, more) + inactive_.growth(more);
    }

private:
    using Slot = TimeoutQueue::Slot;
    // Two cache lines, which is what a packet touches.
    struct alignas(64) OpenFlow
    {
        FlowKey key;
        PacketPrediction last; ///< of the packet that came last in file order
        PacketStore::Chain packets;
        std::uint64_t count = 0;
        std::uint64_t number = 0;
        std::uint64_t firstRow = 0;
        std::uint64_t lastRow = 0;
        std::unique_ptr<SpilledPackets> spilled;
        bool ended = false; ///< a FIN or RST was seen
        bool timedOut = false;
        bool inOrder = true;
        bool openedByHigh = false;
    };
    // The table holds slots and a part of each hash; keys are compared where the flow is, which is needed
    // next anyway.
    struct Hash
    {
        using is_transparent = void;
        const FlowTracker* tracker;
        HashKey key{};
        std::size_t operator()(Slot slot) const { return tracker->flows_[slot].key.hash(key); }
        std::size_t operator()(const FlowKey& flow) const { return flow.hash(key); }
    };
    struct SameKey
    {
        using is_transparent = void;
        const FlowTracker* tracker;
        bool operator()(Slot a, Slot b) const { return a == b; }
        bool operator()(Slot slot, const FlowKey& key) const { return tracker->flows_[slot].key == key; }
        bool operator()(const FlowKey& key, Slot slot) const { return tracker->flows_[slot].key == key; }
    };
    using SlotTable = tsl::robin_set<Slot, Hash, SameKey, std::allocator<Slot>, true>;

    Slot open(const FlowKey& key);
    void collectTimedOut();
    bool handOver(Slot slot, FlowSink& sink);
    bool handOverAll(std::vector<Slot>& slots, FlowSink& sink);
    void spill(OpenFlow& flow);

    std::optional<std::uint64_t> timeout_; ///< microseconds; none when longer than all of time
    std::vector<OpenFlow> flows_;
    std::vector<Slot> freeSlots_;
    SlotTable slots_{0, Hash{this}, SameKey{this}};
    TimeoutQueue inactive_;
    PacketStore store_;
    std::vector<Slot> complete_;         ///< since the last judgement: ended ones, then timed-out ones
    std::optional<std::int64_t> newest_; ///< newest TCP timestamp of this read chunk
    std::uint64_t opened_ = 0;
    std::vector<std::uint8_t> bytes_; ///< reused in handOver()
    std::filesystem::path spillFolder_;
    std::size_t spillBytes_;
    std::shared_ptr<File> spillFile_;
    std::uint64_t spilledBytes_ = 0;
    std::optional<Error> failure_;
};

} // namespace packetloom
