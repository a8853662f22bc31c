// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/model/flow_key.h"
#include "core/model/packet_extras.h"
#include "core/support/hash_mix.h"

#include <cstdint>
#include <optional>

namespace packetloom {

/// What the packets of one flow have in common, for flows of all protocols. Of ICMP the "ports" are the type
/// of the sender's messages and that of the answers, where there are answers (RFC 792, RFC 4443), else the
/// code: Zeek's way. Protocols without ports have 0.
struct ConnectionKey
{
    /// Of messages that nobody answers the direction is part of the key.
    enum class OneWay : std::uint8_t { No, FromLow, FromHigh };

    FlowKey ends;
    std::int16_t protocol = -1; ///< IANA's number; -1 where the row has none, or none of 8 bits
    OneWay oneWay = OneWay::No;

    /// None of a packet that belongs to no flow: an empty address, a later fragment, a TCP or UDP header that
    /// was not captured.
    static std::optional<ConnectionKey> of(const Packet& packet, const PacketExtras& extras, bool& fromHigh);
    /// Of all packets of a flow.
    static ConnectionKey of(const ExactFlow& flow);
    friend bool operator==(const ConnectionKey&, const ConnectionKey&) = default;
};

/// Its hash. Which shard a flow is in follows from the pair of addresses alone, as with FlowKeyHash.
class ConnectionKeyHash
{
public:
    /// Of the two addresses alone; see FlowKeyHash::pair().
    [[nodiscard]] std::uint64_t pair(AddressId low, AddressId high) const { return pairs_.pair(low, high); }
    /// All of it; `pair` is that of its addresses.
    [[nodiscard]] std::uint64_t rest(std::uint64_t pair, const ConnectionKey& key) const
    {
        const auto kind = static_cast<std::uint64_t>(static_cast<std::uint16_t>(key.protocol)) << 2 |
                          static_cast<std::uint64_t>(key.oneWay);
        return more_(pairs_.ports(pair, key.ends.low.port, key.ends.high.port), kind);
    }
    [[nodiscard]] std::size_t operator()(const ConnectionKey& key) const
    {
        return static_cast<std::size_t>(rest(pair(key.ends.low.address, key.ends.high.address), key));
    }

private:
    FlowKeyHash pairs_;
    HashKey more_;
};

/// Whether a port is one at which servers of well-known protocols listen: where the first packet of a
/// connection was missed, the end with such a port is taken for the responder. The ports are those that
/// Zeek's own protocol scripts name.
bool isLikelyServer(std::int64_t port, std::int64_t protocol);

} // namespace packetloom
