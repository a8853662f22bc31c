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

FrameMarkSet fragmentMark(const IpHeader& ip)
{
    switch (ip.fragment) {
    case Fragment::First:
        return bitOf(FrameMark::FirstFragment);
    case Fragment::Later:
        return bitOf(FrameMark::LaterFragment);
    default:
        return 0;
    }
}

// From the outermost packet to the innermost one. False when packets are nested too deeply.
bool goInside(IpHeader& ip, DecodedFrame& found)
{
    for (int depth = 1;; ++depth) {
        found.marks |= fragmentMark(ip);
        const auto inner = tunnelled(ip);
        if (!inner)
            return true;
        IpHeader header;
        const bool whole = readIp(inner->packet, header) == IpProblem::None && header.destination != nullptr;
        if (!whole || header.payloadBytes > ip.payloadBytes)
            return true;
        if (depth == mostNestedPackets)
            return false;
        found.tunnels |= bitOf(inner->tunnel);
        ip = header;
    }
}

} // namespace

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
    if (tunnels == Tunnels::Outer) { // the others are only counted
        IpHeader inside = decoded.ip;
        goInside(inside, decoded);
    } else if (!goInside(decoded.ip, decoded)) {
        decoded.reject = RejectReason::NestedTooDeeply;
        return decoded;
    }
    decoded.transport = readTransport(decoded.ip);
    return decoded;
}

} // namespace packetloom
