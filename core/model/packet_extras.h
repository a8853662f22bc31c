// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet_details.h"

#include <cstddef>
#include <cstdint>

namespace packetloom {

/// What the exact engine wants to know of a packet beyond a Packet, as far as its input knows it: a packet
/// capture does, a table of packets does not. What is not known is `unknown`.
struct PacketExtras
{
    static constexpr std::int32_t unknown = -1;
    /// Bits of `damage`.
    enum Damage : std::uint8_t {
        BadChecksum = 1, ///< of TCP, UDP or ICMP; looked at only where that was asked for
        PayloadCut = 2,  ///< fewer bytes of the IP packet were captured than it had
        /// Of a transport header not all of the fixed part is there (of TCP 20 bytes, SCTP 12, others 8), or
        /// TCP's says that it is shorter than that, or longer than the packet.
        BadHeader = 4,
        LaterFragment = 8,  ///< of an IP packet in fragments, not the first one: it has no transport header
        BadIpChecksum = 16, ///< of IPv4's header; looked at only where that was asked for
    };

    std::int32_t payload = unknown; ///< bytes behind the transport header (of other protocols: behind IP's)
    std::int32_t ipBytes =
        unknown;                   ///< of the whole IP packet, as its length field says (see Detail::IpBytes)
    std::int32_t window = unknown; ///< of TCP, as it stands there: not scaled (RFC 7323)
    std::int16_t windowScale = unknown; ///< shift count, 0 .. 255; only in a SYN with that option (RFC 7323)
    std::int16_t icmpType = unknown;    ///< of ICMP and ICMPv6, where their header was captured
    std::int16_t icmpCode = unknown;
    std::uint8_t damage = 0;

    friend bool operator==(const PacketExtras&, const PacketExtras&) = default;
};

/// The details that they are made of.
Details detailsOfExtras();
/// Those of packet i. What nobody asked for is unknown.
PacketExtras extrasOf(const DetailColumns& details, std::size_t i);
/// Adds them as the details of one more packet.
void addExtras(DetailColumns& details, const PacketExtras& extras);

} // namespace packetloom
