// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/connection.h"
#include "core/support/slot_table.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// Packets in the order of time to flows: which are open, and which end. Memory follows the open ones. What
/// comes out depends on each flow's own packets alone, so flows may be dealt out to several trackers.
class ExactTracker
{
public:
    /// The flow is valid during the call.
    using Sink = std::function<void(const ExactFlow&)>;

    /// `broadcast`: the address 255.255.255.255, which is nobody's, if the capture has it.
    ExactTracker(const ExactRules& rules, Sink sink, std::optional<AddressId> broadcast = std::nullopt)
        : rules_(rules), sink_(std::move(sink)), broadcast_(broadcast)
    {
    }
    ExactTracker(const ExactTracker&) = delete;
    ExactTracker& operator=(const ExactTracker&) = delete;
    ~ExactTracker() = default;

    /// A packet and its key. `row` is the caller's number of it.
    void add(const ConnectionKey& key, std::uint64_t hash, bool fromHigh, const Packet& packet,
             const PacketExtras& extras, std::uint64_t row);
    void prefetch(std::uint64_t hash) const { table_.prefetch(hash); }
    /// What is still open ends with the capture, whose last packet came at `newest`. In no particular order.
    void finish(std::int64_t newest);
    [[nodiscard]] std::size_t openFlows() const { return table_.size(); }

private:
    using Slot = SlotTable::Slot;
    struct First
    {
        Packet packet;
        PacketExtras extras;
        std::uint64_t row = 0;
        bool fromHigh = false;
    };
    /// An open flow. Most flows of scans and floods have one packet: it is kept as it is, in a sixth of the
    /// memory of a Connection, which is made when there is another one, or for a moment at the end.
    struct Place
    {
        ConnectionKey key;
        std::uint64_t hash = 0;
        bool open = false;
        std::unique_ptr<Connection> connection; ///< null while there is one packet
        First first;
        TcpConnection::Deadline deadline{}; ///< here, so that who looks for old flows need not look further
    };

    Slot open(const ConnectionKey& key, std::uint64_t hash, const First& first);
    Connection& connectionOf(Place& place);
    void begin(Connection& connection, const Place& place);
    void end(Slot slot, EndReason ending);
    void endOld(std::int64_t now);

    ExactRules rules_;
    Sink sink_;
    std::optional<AddressId> broadcast_;
    std::deque<Place> places_; ///< which stay where they are
    std::vector<Slot> free_;
    std::vector<std::unique_ptr<Connection>> spare_; ///< of flows that ended
    Connection once_;                                ///< of flows with one packet, one after the other
    SlotTable table_;
    std::size_t sinceLook_ = 0; ///< packets since old flows were looked for
};

} // namespace packetloom
