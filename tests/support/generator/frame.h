// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/host_pool.h"

namespace packetloom::generator {

/// No headers of writeFrame() are longer: Ethernet, IPv6, ICMPv6 with what it reports.
inline constexpr std::size_t longestHeaders = 128;

/// TCP carries nothing but this: zeros would be messages to dissectors, thousands in a segment.
inline constexpr char payloadByte = 'x';

/// Writes the headers of an Ethernet frame (IEEE 802.3; IPv4 RFC 791, IPv6 RFC 8200, TCP RFC 9293 with the
/// options of RFC 7323 and 2018, UDP RFC 768, ICMP RFC 792 and 4443), all their lengths and checksums right,
/// and returns their end. The checksums hold for what is to follow: of TCP packet.payload times payloadByte,
/// then zeros up to the packet's length. `at` has room for longestHeaders.
///
/// What the row does not say follows from the packet alone: link addresses are the hosts' numbers (locally
/// administered), time to live is 64, identification (IPv4) and the TCP timestamps come from the time at
/// which the packet was first seen, so that what was captured twice is the same twice. Where the ends of a
/// row are of both families, the IPv4 address is embedded in 2001:db8:64::/96 (RFC 6052, 2.2).
std::uint8_t* writeFrame(const Packet& packet, const HostPool& hosts, std::uint8_t* at);

} // namespace packetloom::generator
