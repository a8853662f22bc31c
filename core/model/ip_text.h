// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace packetloom {

/// Room for the text of any IP address.
inline constexpr std::size_t longestIpText = 45;

/// Writes the canonical text of an IPv4 (4 bytes) or IPv6 address (16 bytes, RFC 5952) in network byte order,
/// as inet_ntop() has it: an address in ::/96 or ::ffff:0:0/96 ends in dotted decimals. Returns its length.
std::size_t writeIpText(std::span<const std::uint8_t> address, std::span<char, longestIpText> to);

} // namespace packetloom
