// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/layer.h"

#include <cstdint>

namespace packetloom {

/// Protocol numbers that are looked into (IANA), beside those of core/model/packet.h.
namespace ipproto {
inline constexpr std::uint8_t hopByHop = 0, icmp = 1, ipv4 = 4, tcp = 6, udp = 17, ipv6 = 41, routing = 43,
                              fragment = 44, gre = 47, authentication = 51, icmpv6 = 58,
                              destinationOptions = 60, sctp = 132, mobility = 135, udpLite = 136,
                              hostIdentity = 139, shim6 = 140;
} // namespace ipproto

/// Which part of a packet that was cut into fragments.
enum class Fragment : std::uint8_t { Whole, First, Later };

/// An IPv4 (RFC 791) or IPv6 (RFC 8200) header with all that belongs to it.
struct IpHeader
{
    const std::uint8_t* source = nullptr;      ///< addressBytes, in network byte order
    const std::uint8_t* destination = nullptr; ///< the same; null when it was cut off
    std::uint8_t addressBytes = 4;             ///< 4 or 16
    std::uint8_t protocol = 0; ///< what the payload is; of IPv6 what follows the extension headers
    std::uint8_t hopLimit = 0; ///< TTL
    Fragment fragment = Fragment::Whole;
    std::uint32_t identification = 0; ///< of IPv6: that of the fragments, 0 where there are none
    Layer payload;                    ///< as far as it was captured, without the padding of the link
    std::uint32_t payloadBytes = 0;   ///< that it had on the wire
    std::uint32_t wireBytes = 0;      ///< the same of the whole packet, with all headers
    std::uint32_t totalBytes =
        0; ///< of the whole packet, as its header says: 0 where cards segment for the system

    [[nodiscard]] bool isIpv6() const { return addressBytes > 4; }
};

/// Why bytes are no IP packet.
enum class IpProblem : std::uint8_t {
    None,
    Cut,          ///< captured too short for the source address
    Version,      ///< neither 4 nor 6
    HeaderLength, ///< an IPv4 header length below 20
    Length,       ///< an IPv4 total length below that of the header
};

/// Reads the header at the front of a packet. The version decides what it is, not the layer below.
/// A header that was captured to the source address at least is read as far as it goes. A destination in
/// IPv4's source route option counts as the destination (RFC 791, 3.1); where options were cut off before
/// that can be told, it is unknown. A total length of 0, which cards that segment for the system leave, is as
/// much as was captured.
IpProblem readIp(Layer packet, IpHeader& header);

} // namespace packetloom
