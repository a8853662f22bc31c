// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/network_layer.h"
#include "core/model/frame_notes.h"

namespace packetloom {

/// Compares the checksums of an IP packet with what they should be (RFC 791, 9293, 768, 8200): that of an
/// IPv4 header that is whole, and those of TCP and UDP where all of the packet was captured and it is no
/// fragment. Not looked at are packets of IPv6 with extension headers, which may name another address (RFC
/// 6275), and lengths of 0. What a card was to fill in looks so in captures on the sending host: 0, or of TCP
/// and UDP the sum of the pseudo header alone, with or without the length. `ip` was read from captured bytes.
FrameMarkSet checksumMarks(const IpHeader& ip);

/// Bits of PacketExtras::Damage: which checksums of the packet are wrong, by the same rules. Also those of
/// ICMP and ICMPv6, those that are missing in UDP over IPv6, but for tunnels (RFC 792, 4443, 8200, 6935), and
/// those behind extension headers of IPv6, whichever addresses these say (RFC 6275, 8754).
/// `marks`: what checksumMarks() found of it.
std::uint8_t checksumDamage(const IpHeader& ip, FrameMarkSet marks);

} // namespace packetloom
