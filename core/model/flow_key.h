// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/support/hash_mix.h"

#include <cstdint>
#include <tuple>

namespace packetloom {

/// One end of a connection.
struct Endpoint
{
    AddressId address{};
    std::int64_t port = 0;

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
    friend bool operator<(const Endpoint& a, const Endpoint& b)
    {
        return std::tie(a.address, a.port) < std::tie(b.address, b.port);
    }
};

/// Both ends of a connection without a direction. `low` is the smaller end by address number, which has
/// nothing to do with the order of the ends in the key's text.
struct FlowKey
{
    Endpoint low;
    Endpoint high;

    static FlowKey of(const Packet& packet)
    {
        // No branch: the direction of packets cannot be predicted.
        const bool turned = isTurned(packet);
        return {{turned ? packet.destination : packet.source,
                 turned ? packet.destinationPort : packet.sourcePort},
                {turned ? packet.source : packet.destination,
                 turned ? packet.sourcePort : packet.destinationPort}};
    }
    /// Whether the source is the high end.
    static bool isTurned(const Packet& packet)
    {
        const bool before = packet.destination < packet.source, same = packet.destination == packet.source;
        return before | (same & (packet.destinationPort < packet.sourcePort));
    }
    friend bool operator==(const FlowKey&, const FlowKey&) = default;

    /// Whether a TCP packet belongs to a flow: not with a zero port or an empty address (docs/flows.md, 3).
    static bool hasFlow(const Packet& packet)
    {
        return packet.sourcePort != 0 && packet.destinationPort != 0 && packet.source != emptyAddress &&
               packet.destination != emptyAddress;
    }
};

/// The hash of the keys of one table or run.
class FlowKeyHash
{
public:
    /// Of the two addresses alone. Which shard a flow is in follows from this, so that whatever is counted a
    /// pair of addresses is in one shard, too.
    [[nodiscard]] std::uint64_t pair(AddressId low, AddressId high) const
    {
        return key_(std::uint64_t{index(low)} << 32 | index(high));
    }
    /// The rest, which tells the flows of a pair apart.
    [[nodiscard]] std::uint64_t ports(std::uint64_t pair, std::int64_t low, std::int64_t high) const
    {
        return key_(pair, static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high));
    }
    std::size_t operator()(const FlowKey& key) const
    {
        return static_cast<std::size_t>(
            ports(pair(key.low.address, key.high.address), key.low.port, key.high.port));
    }

private:
    HashKey key_;
};

} // namespace packetloom
