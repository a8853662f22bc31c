// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/network_layer.h"
#include "core/input/capture/transport_layer.h"
#include "core/input/input_spec.h"
#include "core/model/frame_notes.h"
#include "core/model/not_ip.h"
#include "core/model/reject_reason.h"

#include <cstdint>
#include <optional>

namespace packetloom {

/// So many IP packets within each other are looked into.
inline constexpr int mostNestedPackets = 32;

/// What an IP packet carries, where that is a whole IP packet.
struct InnerPacket
{
    Tunnel tunnel{};
    IpHeader ip;
};
std::optional<InnerPacket> innerPacket(const IpHeader& outer);

/// What a frame holds: an IP packet, or the reason why none. Points into the frame.
struct DecodedFrame
{
    std::optional<NotIp> notIp;
    std::optional<RejectReason> reject;
    IpHeader ip;
    TransportHeader transport;
    std::optional<std::uint16_t> vlan;
    Layer outermost;        ///< from the outermost IP header on, where there is one
    FrameMarkSet marks = 0; ///< fragments, of whichever of the packets
    TunnelSet tunnels = 0;  ///< in which another packet was found, whichever of them is read
};

/// Reads a frame of a link type through all of its layers; of packets within packets the innermost or the
/// outermost one; where each is wanted, the outermost, from which innerPacket() leads to the others. What a
/// tunnel seems to carry and is no IP packet leaves the tunnel's packet.
DecodedFrame decodeFrame(std::uint16_t linkType, Layer frame, Tunnels tunnels);

} // namespace packetloom
