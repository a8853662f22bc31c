// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packet.h"
#include "core/support/wide_sum.h"

#include <cstdint>
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
    void addAny(const Packet& packet);
    /// A TCP packet, after addAny().
    void addTcp(const Packet& packet);

    /// What a dataset recorded instead of packets: that an address is there ...
    void restore(AddressId id) { note(id); }
    /// ... and then what it did in TCP packets; in order of first appearance, once each, and seen().
    void restore(AddressId id, const AddressCounters& counters);
    /// Whether any kept packet has it.
    [[nodiscard]] bool has(AddressId id) const { return index(id) < present_.size() && present_[index(id)]; }

    /// Addresses of TCP packets in order of first appearance, source before destination.
    [[nodiscard]] const std::vector<AddressId>& inOrder() const { return order_; }
    [[nodiscard]] const AddressCounters& counters(AddressId id) const { return counters_[index(id)]; }
    /// Addresses of any kept packet, in no particular order.
    [[nodiscard]] const std::vector<AddressId>& unique() const { return unique_; }

private:
    void note(AddressId id);
    AddressCounters& touch(AddressId id, std::int64_t timestamp);

    std::vector<AddressCounters> counters_; ///< by address number
    std::vector<bool> present_;             ///< by address number
    std::vector<AddressId> order_;
    std::vector<AddressId> unique_;
};

} // namespace packetloom
