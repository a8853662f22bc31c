// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/network_layer.h"

#include <cstdint>
#include <optional>

namespace packetloom {

/// What the header of a transport protocol says. All 0 where there is none.
struct TransportHeader
{
    std::uint16_t sourcePort = 0, destinationPort = 0;
    std::uint16_t flags = 0; ///< the twelve bits of TCP (RFC 9293, 3.1)
    std::uint16_t window = 0;
    std::uint32_t sequence = 0, acknowledgment = 0;
    std::optional<std::uint16_t> checksum; ///< of TCP and UDP, where it was captured
    std::uint8_t headerBytes = 0;          ///< with options
    bool cut = false;                      ///< of TCP: captured too short for more than the ports
};

/// Whether it is one of the protocols that readTransport() knows.
bool hasPorts(std::uint8_t protocol);

/// Reads TCP (RFC 9293), UDP (RFC 768), UDP-Lite (RFC 3828) and SCTP (RFC 9260); other protocols have no
/// ports, and later fragments no header. Of a header that was cut off the ports count where they were
/// captured; of a TCP header that says that it is shorter than one the sequence number, too.
TransportHeader readTransport(const IpHeader& ip);

/// No header of those is longer: TCP's with all options.
inline constexpr std::size_t mostTransportHeader = 60;
/// Whether the header behind that of IP was cut off: of TCP with its options, of others 8 bytes (SCTP 12), or
/// as many as the packet had. Later fragments have none.
bool isHeaderCut(const IpHeader& ip);
/// Whether of a packet that should have a transport header (ICMP's included) the fixed part of it was not
/// captured or is not in the packet: PacketExtras::BadHeader. Later fragments have none.
bool isHeaderBad(const IpHeader& ip);
/// The shift count of a SYN with that option (RFC 7323, 2); of several ones the last, which counts for hosts.
/// Nothing where the options were cut off before it.
std::optional<std::uint8_t> windowScale(const IpHeader& ip, const TransportHeader& header);

} // namespace packetloom
