// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/model/tcp_flags.h"

#include <cstdint>

namespace packetloom {

/// IANA protocol numbers.
inline constexpr std::int64_t protocolIcmp = 1, protocolTcp = 6, protocolUdp = 17;

/// One kept row of a capture. Numbers are as wide as the reference's: a capture may hold anything.
struct Packet
{
    std::int64_t timestamp = 0; ///< microseconds since the epoch
    std::int64_t sourcePort = 0;
    std::int64_t destinationPort = 0;
    std::int64_t sequence = 0;
    std::int64_t acknowledgment = 0;
    std::int64_t length = 0; ///< bytes; as in the capture, so it may be negative
    std::int64_t protocol = 0;
    TcpFlags flags;
    AddressId source{};
    AddressId destination{};
    bool hasProtocol = false;

    [[nodiscard]] bool isTcp() const { return hasProtocol && protocol == protocolTcp; }
    friend bool operator==(const Packet&, const Packet&) = default;
};

} // namespace packetloom
