// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/connection.h"
#include "core/support/growth.h"
#include "core/support/prefetch.h"
#include "core/support/slot_table.h"

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// Packets in the order of time to flows: which are open, and which end. Memory follows the open ones. What
/// comes out depends on each flow's own packets alone, so flows may be dealt out to several trackers.
class ExactTracker
{
public:
    /// Gets a flow that ended, which is valid during the call.
    using Sink = std::function<void(const Connection&, EndReason)>;

    ExactTracker(const ExactRules& rules, Sink sink) : rules_(rules), sink_(std::move(sink)) {}
    ExactTracker(const ExactTracker&) = delete;
    ExactTracker& operator=(const ExactTracker&) = delete;
    ~ExactTracker() = default;

    /// The address 255.255.255.255, which is nobody's, if the capture has it; before its first packet.
    void setBroadcast(std::optional<AddressId> broadcast) { broadcast_ = broadcast; }
    /// A packet and its key. `row` is the caller's number of it.
    void add(const ConnectionKey& key, std::uint64_t hash, bool fromHigh, const Packet& packet,
             const PacketExtras& extras, std::uint64_t row);
    /// Asks the processor to fetch what add() of this hash looks at first, second, third and fourth: to be
    /// called in that order, some packets before each other.
    void prefetch(std::uint64_t hash) const { table_.prefetch(hash); }
    void prefetchPlace(std::uint64_t hash) const
    {
        if (const Slot slot = table_.guess(hash); slot != SlotTable::none)
            prefetchLines(&place(slot), placeHeadBytes);
    }
    void prefetchConnection(std::uint64_t hash) const
    {
        if (const Slot slot = table_.guess(hash); slot != SlotTable::none)
            prefetchLines(place(slot).connection.get(), sizeof(Connection));
    }
    void prefetchJudged(std::uint64_t hash) const
    {
        if (const Slot slot = table_.guess(hash); slot != SlotTable::none && place(slot).connection)
            place(slot).connection->prefetchJudged();
    }
    /// What is still open ends with the capture, whose last packet came at `newest`. In no particular order.
    void finish(std::int64_t newest);
    /// Forgets all flows; what their packets add to the statistics of addresses goes to `take`.
    void abandon(const std::function<void(const Connection&)>& take);
    [[nodiscard]] std::size_t openFlows() const { return table_.size(); }
    [[nodiscard]] std::uint64_t openedFlows() const { return opened_; }
    /// See growthOf(): for so many new flows.
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const
    {
        return table_.growth(flows) + growthOf(lookAgain_, flows) +
               flows * (sizeof(Place) + sizeof(Connection));
    }

private:
    using Slot = SlotTable::Slot;
    struct First
    {
        Packet packet;
        PacketExtras extras;
        std::uint64_t row = 0;
        bool fromHigh = false;
    };
    /// An open flow. Most flows of scans and floods have one packet: when no second one came soon, the flow
    /// is kept as that packet, in a sixth of the memory of a Connection, which is made again when there is
    /// another one, or for a moment at the end.
    struct Place
    {
        ConnectionKey key;
        std::uint64_t hash = 0;
        TcpConnection::Deadline deadline{};
        std::int64_t lookAgain = 0; ///< as in lookAgain_
        std::unique_ptr<Connection> connection;
        bool single = false; ///< there is one packet: `first`
        First first;
    };
    static constexpr std::size_t placeHeadBytes = 128; // with the members before `first`
    static constexpr std::size_t slabPlaces = 256;
    using Slab = std::array<Place, slabPlaces>;
    static constexpr std::size_t mostYoung = 256; // opened last

    [[nodiscard]] const Place& place(Slot slot) const
    {
        return (*slabs_[slot / slabPlaces])[slot % slabPlaces];
    }
    [[nodiscard]] Place& place(Slot slot) { return (*slabs_[slot / slabPlaces])[slot % slabPlaces]; }
    void open(const ConnectionKey& key, std::uint64_t hash, const First& first);
    Slot takeSlot();
    std::unique_ptr<Connection> takeConnection();
    void noteYoung(Slot slot);
    Connection& connectionOf(Place& place);
    void begin(Connection& connection, const Place& place);
    void setDeadline(Slot slot, const TcpConnection::Deadline& deadline);
    void end(Slot slot, EndReason ending);
    void endOld(std::int64_t now);
    template <class Visit>
    void forEachFetched(const std::vector<Slot>& slots, const Visit& visit);

    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
    ExactRules rules_;
    Sink sink_;
    std::optional<AddressId> broadcast_;
    std::vector<std::unique_ptr<Slab>> slabs_; ///< places, which stay where they are
    /// By place: up to this time its flow is surely open, or there is none. Apart from them, so that who
    /// looks for old flows need not look at all places.
    std::vector<std::int64_t> lookAgain_;
    std::vector<Slot> free_;
    std::vector<Slot> old_;                          ///< while they are looked for
    std::vector<std::unique_ptr<Connection>> spare_; ///< of flows that ended
    std::vector<Slot> young_;                        ///< a ring
    std::size_t nextYoung_ = 0;
    Connection once_; ///< of flows with one packet, one after the other
    SlotTable table_;
    std::uint64_t opened_ = 0;
    std::size_t sinceLook_ = 0; ///< packets since old flows were looked for
};

} // namespace packetloom
