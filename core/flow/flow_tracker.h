// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packed_flow.h"
#include "core/flow/packet_store.h"
#include "core/flow/short_flow.h"
#include "core/support/growth.h"
#include "core/support/slot_table.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {

/// The connection table: which flows are open, and when they are complete (docs/flows.md, 3 to 11). Time is
/// the capture's, never the clock's. Memory follows the open flows and their packets, of which those of very
/// long flows go to a file.
class FlowTracker
{
public:
    static constexpr std::size_t defaultSpillBytes = std::size_t{512} << 10;

    /// `timeoutSeconds` >= 0: the inactivity that ends a flow. A flow whose packets take more than
    /// `spillBytes` (about 12 a packet) gives them to a nameless file in `spillFolder`.
    /// `hash` is what routed packets were hashed with.
    explicit FlowTracker(std::int64_t timeoutSeconds, std::filesystem::path spillFolder = {},
                         std::size_t spillBytes = defaultSpillBytes, const FlowKeyHash& hash = FlowKeyHash());
    FlowTracker(const FlowTracker&) = delete;
    FlowTracker& operator=(const FlowTracker&) = delete;
    ~FlowTracker() = default;

    /// A TCP packet, in file order. One with a zero port or an empty address belongs to no flow. `row` is the
    /// caller's number of it, which the flow carries. Whether it belongs to a flow.
    bool add(const Packet& packet, std::uint64_t row = 0);
    /// A packet that belongs to a flow, by its index, and the hash of its key.
    struct Routed
    {
        std::uint64_t hash = 0;
        std::uint32_t index = 0;
    };
    /// The same for many at once: packets[p.index] is number firstRow + p.index. Those that are not among
    /// `routed` are somebody else's.
    void add(std::span<const Packet> packets, std::span<const Routed> routed, std::uint64_t firstRow);

    using Slot = SlotTable::Slot;
    /// Judges the open flows: those that had a FIN or RST, and those whose last packet in file order lies at
    /// least the timeout before `newest`, the newest TCP timestamp of the read chunk. In order of opening;
    /// until the next call.
    const std::vector<Slot>& complete(std::int64_t newest);
    /// All that are open, in order of opening.
    const std::vector<Slot>& open();
    [[nodiscard]] std::uint64_t number(Slot slot) const
    {
        const ShortFlow& at = flow(slot);
        return at.place == ShortFlow::Place::Long ? longFlow(at).number : at.number();
    }
    /// Gives one of those to the sink, whose answer it returns, and forgets it.
    bool handOver(Slot slot, FlowSink& sink);
    /// Asks the processor to fetch what handing over slots[i] and those after it will need.
    void prefetch(std::span<const Slot> slots, std::size_t i) const;
    /// The ends of one of those.
    [[nodiscard]] FlowKey key(Slot slot) const;

    /// Rows of the first packets of the flows that have no number yet, in order.
    [[nodiscard]] std::vector<std::uint64_t> takeUnnumbered() { return std::exchange(openedRows_, {}); }
    /// The numbers of those that were taken, which grow. Before complete() and open() each flow must have
    /// one.
    void setNumbers(std::span<const std::uint64_t> numbers);

    /// For one tracker alone: numbers the flows, judges them by the packets that add() got since the last
    /// call, and hands over the complete ones in order of opening. Without a packet since then it judges
    /// nothing. False when the sink stopped the run.
    bool endReadChunk(FlowSink& sink);
    /// For one tracker alone: hands over what is still open, in order of opening.
    bool finish(FlowSink& sink);

    /// Why packets could not be moved out of memory, if so. From then on they stay there.
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
    [[nodiscard]] std::uint64_t openFlows() const { return openFlows_; }
    /// Flows opened so far, complete or not.
    [[nodiscard]] std::uint64_t openedFlows() const { return openedFlows_; }

    /// See growthOf(): for so many new flows.
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        more -= std::min(more, freeSlots_.size());
        return table_.growth(more) + growthOf(freeSlots_, more) +
               more * (sizeof(ShortFlow) + sizeof(LongFlow));
    }

private:
    /// What does not fit in a ShortFlow. Four cache lines, which with those of its slot are all that a packet
    /// touches.
    struct alignas(64) LongFlow
    {
        FlowKey key;
        PacketPrediction last; ///< of the packet that came last in file order
        std::uint64_t count = 0;
        std::uint64_t number = 0; ///< 0 as long as nobody gave it one
        std::uint64_t firstRow = 0;
        std::uint64_t lastRow = 0;
        std::unique_ptr<SpilledPackets> spilled;
        bool inOrder = true;
        bool openedByHigh = false;
        PacketStore::Chain packets;
    };
    /// Slots by the time of the oldest of their last packets: those that were used one after the other
    /// mostly time out together.
    static constexpr std::size_t slotsAGroup = 64, longFlowsASlab = 512, slotsASlab = 64 * slotsAGroup;
    struct Slab
    {
        std::array<ShortFlow, slotsASlab> flows;
        /// Of each group: no last packet of one of its flows is earlier. It may be too early.
        std::array<std::int64_t, slotsASlab / slotsAGroup> oldest;
    };
    struct LongSlab
    {
        std::array<LongFlow, longFlowsASlab> flows;
    };

    ShortFlow& flow(Slot slot) { return slabs_[slot / slotsASlab]->flows[slot % slotsASlab]; }
    [[nodiscard]] const ShortFlow& flow(Slot slot) const
    {
        return slabs_[slot / slotsASlab]->flows[slot % slotsASlab];
    }
    std::int64_t& oldest(Slot slot)
    {
        return slabs_[slot / slotsASlab]->oldest[slot % slotsASlab / slotsAGroup];
    }
    LongFlow& longFlow(const ShortFlow& at)
    {
        return longSlabs_[at.longFlow() / longFlowsASlab]->flows[at.longFlow() % longFlowsASlab];
    }
    [[nodiscard]] const LongFlow& longFlow(const ShortFlow& at) const
    {
        return longSlabs_[at.longFlow() / longFlowsASlab]->flows[at.longFlow() % longFlowsASlab];
    }
    /// `guess`: the first slot with this hash, or none.
    void add(const Packet& packet, std::uint64_t row, std::uint64_t hash, Slot guess);
    [[nodiscard]] bool isOf(const ShortFlow& at, const FlowKey& key) const
    {
        return at.place == ShortFlow::Place::Long ? longFlow(at).key == key : at.has(key);
    }
    Slot open(const FlowKey& key, const FlowPacket& packet, std::uint64_t row, std::uint64_t hash);
    /// The place of a flow that does not fit in its slot, without packets.
    LongFlow& makeLong(ShortFlow& at, const FlowKey& key, std::uint64_t firstRow, std::uint64_t number);
    /// The same flow with its packets.
    LongFlow& moved(ShortFlow& at);
    /// False when the packet is earlier than the one before it.
    bool append(LongFlow& now, const FlowPacket& packet, std::uint64_t row);
    void setNumber(ShortFlow& at, std::uint64_t number);
    void collectTimedOut(std::int64_t newest);
    void collectTimedOut(Slot group, std::int64_t limit);
    void putInOrder(std::vector<Slot>& slots) const;
    template <class Key>
    void putInOrderBy(std::vector<Slot>& slots) const;
    bool handOverAll(const std::vector<Slot>& slots, FlowSink& sink);
    void numberThem();
    void spill(LongFlow& flow);

    std::optional<std::uint64_t> timeout_; ///< microseconds; none when longer than all of time
    FlowKeyHash hash_;
    std::vector<std::unique_ptr<Slab>> slabs_; ///< what grows by doubling would be copied, and be there twice
    Slot fresh_ = 0;                           ///< slots from here on were never used
    std::vector<Slot> freeSlots_;
    std::vector<std::unique_ptr<LongSlab>> longSlabs_;
    std::uint32_t freshLong_ = 0;
    std::vector<std::uint32_t> freeLong_;
    SlotTable table_;
    std::uint64_t openFlows_ = 0;
    bool closing_ = false; ///< all are handed over, and nobody looks for one any more
    PacketStore store_;
    std::vector<Slot> complete_; ///< since the last judgement: ended ones, then timed-out ones
    std::vector<Slot> judged_;
    std::vector<Slot> opened_;              ///< without a number
    std::vector<std::uint64_t> openedRows_; ///< of their first packets
    std::optional<std::int64_t> newest_;    ///< newest TCP timestamp of this read chunk, of a tracker alone
    std::uint64_t openedFlows_ = 0;
    std::uint64_t newestNumber_ = 0;
    std::vector<std::uint8_t> bytes_; ///< reused in handOver()
    std::filesystem::path spillFolder_;
    std::size_t spillBytes_;
    std::shared_ptr<File> spillFile_;
    std::uint64_t spilledBytes_ = 0;
    std::optional<Error> failure_;
};

} // namespace packetloom
