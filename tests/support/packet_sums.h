// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace packetloom::test {

/// Writes two bytes into a packet.
void put16(std::string& bytes, std::size_t at, std::uint32_t number);
/// The sum that a card is given to go on with.
std::uint32_t pseudoSum(const std::string& packet, bool withLength);
/// With checksums that are right, of a packet whose are 0: of IPv4 without a source route or IPv6 without
/// extension headers; of TCP, UDP, ICMP and ICMPv6.
std::string summed(std::string packet);

} // namespace packetloom::test
