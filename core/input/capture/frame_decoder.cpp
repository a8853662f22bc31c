// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/frame_decoder.h"

#include "core/input/capture/link_layer.h"
#include "core/input/capture/tunnel_layer.h"

namespace packetloom {
namespace {

std::optional<RejectReason> reasonOf(IpProblem problem)
{
    switch (problem) {
    case IpProblem::None:
        break;
    case IpProblem::Cut:
        return RejectReason::IpHeaderCut;
    case IpProblem::Version:
        return RejectReason::IpVersion;
    case IpProblem::HeaderLength:
        return RejectReason::IpHeaderLength;
    case IpProblem::Length:
        return RejectReason::IpLength;
    }
    return std::nullopt;
}

// From the outermost packet to the innermost one. False when packets are nested too deeply.
bool goInside(IpHeader& ip, DecodedFrame& found)
{
    for (int depth = 1;; ++depth) {
        if (ip.fragment != Fragment::Whole) [[unlikely]]
            found.marks |=
                bitOf(ip.fragment == Fragment::First ? FrameMark::FirstFragment : FrameMark::LaterFragment);
        const auto inner = innerPacket(ip);
        if (!inner)
            return true;
        if (depth == mostNestedPackets)
            return false;
        found.tunnels |= bitOf(inner->tunnel);
        ip = inner->ip;
    }
}

} // namespace

std::optional<InnerPacket> innerPacket(const IpHeader& outer)
{
    const auto inner = tunnelled(outer);
    if (!inner)
        return std::nullopt;
    InnerPacket found{inner->tunnel, {}};
    const bool whole = readIp(inner->packet, found.ip) == IpProblem::None && found.ip.destination != nullptr;
    return whole && found.ip.payloadBytes <= outer.payloadBytes ? std::optional(found) : std::nullopt;
}

DecodedFrame decodeFrame(std::uint16_t linkType, Layer frame, Tunnels tunnels)
{
    DecodedFrame decoded;
    const LinkPayload link = readLink(linkType, frame);
    decoded.notIp = link.notIp;
    decoded.vlan = link.vlan;
    if (link.notIp)
        return decoded;
    decoded.reject = reasonOf(readIp(link.packet, decoded.ip));
    if (decoded.reject)
        return decoded;
    decoded.outermost = link.packet;
    std::optional<IpHeader> outer;
    if (tunnels != Tunnels::Inner) // then those within are only counted, or come later
        outer = decoded.ip;
    const bool ends = goInside(decoded.ip, decoded);
    if (!ends && tunnels != Tunnels::Outer) {
        decoded.reject = RejectReason::NestedTooDeeply;
        return decoded;
    }
    if (outer)
        decoded.ip = *outer;
    decoded.transport = readTransport(decoded.ip);
    return decoded;
}

} // namespace packetloom
