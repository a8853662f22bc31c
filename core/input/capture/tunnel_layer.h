// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/network_layer.h"
#include "core/model/frame_notes.h"

#include <optional>

namespace packetloom {

/// What a packet carries, and how.
struct Tunnelled
{
    Tunnel tunnel{};
    Layer packet; ///< begins with an IP header, or seems to
};

/// What an IP packet seems to carry that begins with an IP header itself; nothing when it is no tunnel, or
/// one that carries something else. Read are IPIP, 6in4 and 4in6 (RFC 2003, 4213, 2473), EtherIP (RFC 3378),
/// GRE (RFC 2784, 2890) with all that readEtherType() reads, PPTP (RFC 2637), ERSPAN, WCCP and the IEEE
/// 802.11 frames of Aruba; and by the ports of UDP VXLAN (RFC 7348), GENEVE (RFC 8926), GTP-U (3GPP
/// TS 29.281), Teredo (RFC 4380), AYIYA and GRE (RFC 8086). Ports prove nothing, so what comes out is to be
/// checked.
std::optional<Tunnelled> tunnelled(const IpHeader& outer);

} // namespace packetloom
