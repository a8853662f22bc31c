// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/layer.h"
#include "core/model/not_ip.h"

#include <cstdint>
#include <optional>

namespace packetloom {

/// What a link layer carries: an IP packet, or something else.
struct LinkPayload
{
    Layer packet;                      ///< begins with an IP header, when there is no `notIp`
    std::optional<NotIp> notIp;        ///< what it is instead
    std::optional<std::uint16_t> vlan; ///< identifier of the outermost VLAN tag (IEEE 802.1Q)

    static LinkPayload ip(Layer packet) { return {.packet = packet, .notIp = {}, .vlan = {}}; }
    static LinkPayload other(NotIp kind) { return {.packet = {}, .notIp = kind, .vlan = {}}; }
};

/// What follows an EtherType (IEEE 802 numbers), behind whatever tags and labels there are: VLAN (802.1Q,
/// 802.1ad), PBB (802.1ah), 802.1BR and VN tags, Cisco FabricPath, MPLS (RFC 3032; of a pseudowire RFC 4385,
/// Ethernet), PPPoE (RFC 2516). Numbers below 1536 are lengths of IEEE 802.3, with LLC behind them.
LinkPayload readEtherType(std::uint16_t type, Layer payload);
/// A whole Ethernet frame.
LinkPayload readEthernet(Layer frame);
/// IEEE 802.2 LLC, with SNAP (RFC 1042) or without.
LinkPayload readLlc(Layer llc);
/// PPP from its protocol field, with or without the address and control fields before it (RFC 1661, 1662).
LinkPayload readPpp(Layer ppp);
/// An IEEE 802.11 frame from its frame control field. `padded`: the header was padded to four bytes.
LinkPayload readWlan(Layer frame, bool padded = false);
/// The same behind a radiotap header.
LinkPayload readRadiotap(Layer frame);

} // namespace packetloom
