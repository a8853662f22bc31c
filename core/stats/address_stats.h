// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_counts.h"
#include "core/support/growth.h"
#include "core/support/wide_sum.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace packetloom {

/// What one address sent and received in TCP packets.
struct AddressCounters
{
    std::uint64_t sentPackets = 0;
    std::uint64_t receivedPackets = 0;
    WideSum sentBytes; ///< lengths below 0 count as 0
    WideSum receivedBytes;
    std::int64_t firstTimestamp = 0; ///< microseconds since the epoch
    std::int64_t lastTimestamp = 0;

    [[nodiscard]] bool seen() const { return sentPackets + receivedPackets > 0; }
};

/// Counts per address, and which addresses there are at all.
class AddressStats
{
public:
    /// Every kept packet.
    void addAny(const Packet& packet)
    {
        note(packet.source);
        note(packet.destination);
    }
    /// A TCP packet, after addAny(). `row` is its number among all packets.
    void addTcp(const Packet& packet, std::uint64_t row);
    /// All packets of a flow, instead of addTcp() for each of them.
    void addFlow(const FlowCounts& flow);
    /// Adds what another one counted of the same capture.
    void merge(AddressStats&& other);
    /// That a kept packet has this address.
    void addAny(AddressId id) { note(id); }
    /// What merge() and putInOrder() of this one take for themselves.
    [[nodiscard]] std::uint64_t bytesToMerge() const
    {
        return order_.size() * std::uint64_t{sizeof(AddressCounters) + 4 * sizeof(std::uint64_t)};
    }
    /// After the last addTcp(), addFlow() or merge(): makes inOrder() what it says.
    void putInOrder();

    /// What a dataset recorded instead of packets: that an address is there ...
    void restore(AddressId id) { note(id); }
    /// ... and then what it did in TCP packets; in order of first appearance, once each, and seen().
    void restore(AddressId id, const AddressCounters& counters);
    /// See growthOf(): for so many new addresses.
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return 2 * growthOf(places_, more) + growthOf(order_, more) + growthOf(unique_, more);
    }
    /// Whether any kept packet has it.
    [[nodiscard]] bool has(AddressId id) const
    {
        return index(id) < places_.size() && places_[index(id)] != absent;
    }

    /// Addresses of TCP packets in order of first appearance, source before destination.
    [[nodiscard]] const std::vector<AddressId>& inOrder() const { return order_; }
    [[nodiscard]] const AddressCounters& counters(AddressId id) const
    {
        static const AddressCounters none;
        return has(id) && places_[index(id)] >= firstPlace ? counters_[places_[index(id)] - firstPlace]
                                                           : none;
    }
    /// Addresses of any kept packet, in no particular order.
    [[nodiscard]] const std::vector<AddressId>& unique() const { return unique_; }

private:
    void note(AddressId id)
    {
        if (!has(id)) [[unlikely]]
            noteNew(id);
    }
    void noteNew(AddressId id);
    /// `appearance` orders what appears first in a row, then by end.
    AddressCounters& touch(AddressId id, std::uint64_t appearance, std::int64_t first, std::int64_t last);

    AddressCounters& place(AddressId id);

    // Of millions of addresses (a scan, a flood with made-up sources) many are in no TCP packet, and none of
    // these tables is copied as a whole when it grows but the small one.
    static constexpr std::uint32_t absent = 0, withoutTcp = 1, firstPlace = 2;
    std::vector<std::uint32_t>
        places_; ///< by address number: one of these, or firstPlace + where it is below
    std::deque<AddressCounters> counters_;
    std::deque<std::uint64_t> firstAppearance_; ///< by place, as are the counters
    std::vector<AddressId> order_;              ///< by place, until they are put in order
    std::vector<AddressId> unique_;
};

} // namespace packetloom
