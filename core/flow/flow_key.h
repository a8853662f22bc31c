// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packet.h"
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

    [[nodiscard]] std::size_t hash(const HashKey& key) const
    {
        const auto addresses = std::uint64_t{index(low.address)} << 32 | index(high.address);
        return static_cast<std::size_t>(
            key(addresses, static_cast<std::uint64_t>(low.port), static_cast<std::uint64_t>(high.port)));
    }
};

} // namespace packetloom
