// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/transport_layer.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t portBytes = 4, tcpHeader = 20, udpHeader = 8, icmpHeader = 8, sctpHeader = 12;

void readTcp(Layer segment, TransportHeader& header)
{
    constexpr std::size_t neededBytes = 16; // through flags and window
    constexpr std::size_t checksumEnd = 18;
    constexpr std::uint16_t flagBits = 0x0fff;
    const std::size_t headerBytes = (segment.u8(12) >> 4) * std::size_t{4};
    header.cut = !segment.has(neededBytes);
    if (header.cut)
        return;
    header.sequence = segment.be32(4);
    if (headerBytes < tcpHeader) // what follows is not to be believed
        return;
    header.acknowledgment = segment.be32(8);
    header.flags = segment.be16(12) & flagBits;
    header.window = segment.be16(14);
    if (segment.has(checksumEnd))
        header.checksum = segment.be16(16);
    header.headerBytes = static_cast<std::uint8_t>(headerBytes);
}

} // namespace

bool hasPorts(std::uint8_t protocol)
{
    return protocol == ipproto::tcp || protocol == ipproto::udp || protocol == ipproto::sctp ||
           protocol == ipproto::udpLite;
}

TransportHeader readTransport(const IpHeader& ip)
{
    TransportHeader header;
    if (!hasPorts(ip.protocol) || ip.fragment == Fragment::Later || !ip.payload.has(portBytes))
        return header;
    header.sourcePort = ip.payload.be16(0);
    header.destinationPort = ip.payload.be16(2);
    switch (ip.protocol) {
    case ipproto::tcp:
        readTcp(ip.payload, header);
        break;
    case ipproto::udp:
    case ipproto::udpLite:
        if (ip.payload.has(udpHeader))
            header.checksum = ip.payload.be16(6);
        header.headerBytes = udpHeader;
        break;
    default:
        header.headerBytes = sctpHeader;
        break;
    }
    return header;
}

bool isHeaderCut(const IpHeader& ip)
{
    constexpr std::size_t smallest = 8, tcpOffset = 12;
    if (ip.payload.size() >= ip.payloadBytes || ip.fragment == Fragment::Later) [[likely]]
        return false;
    std::size_t bytes = smallest;
    if (ip.protocol == ipproto::tcp)
        bytes = std::max(tcpHeader, (ip.payload.u8(tcpOffset) >> 4) * std::size_t{4});
    else if (ip.protocol == ipproto::sctp)
        bytes = sctpHeader;
    return ip.payload.size() < std::min<std::size_t>(bytes, ip.payloadBytes);
}

bool isHeaderBad(const IpHeader& ip)
{
    constexpr std::size_t tcpOffset = 12;
    if (ip.fragment == Fragment::Later)
        return false;
    switch (ip.protocol) {
    case ipproto::tcp: {
        const std::size_t bytes = (ip.payload.u8(tcpOffset) >> 4) * std::size_t{4};
        return !ip.payload.has(tcpHeader) || bytes < tcpHeader || bytes > ip.payloadBytes;
    }
    case ipproto::udp:
    case ipproto::udpLite:
        return !ip.payload.has(udpHeader);
    case ipproto::icmp:
    case ipproto::icmpv6:
        return !ip.payload.has(icmpHeader);
    case ipproto::sctp:
        return !ip.payload.has(sctpHeader);
    default:
        return false;
    }
}

std::optional<std::uint8_t> windowScale(const IpHeader& ip, const TransportHeader& header)
{
    constexpr std::uint16_t syn = 0x02;
    constexpr std::uint8_t end = 0, nothing = 1, scale = 3, scaleBytes = 3;
    std::optional<std::uint8_t> shift;
    if (ip.protocol != ipproto::tcp || (header.flags & syn) == 0 || header.headerBytes <= tcpHeader)
        return shift;
    const Layer options = ip.payload.first(header.headerBytes).from(tcpHeader);
    for (std::size_t at = 0; options.has(at + scaleBytes);) {
        const std::uint8_t kind = options.u8(at);
        if (kind == end)
            break;
        if (kind == nothing) {
            ++at;
            continue;
        }
        const std::uint8_t length = options.u8(at + 1);
        if (length < 2)
            break;
        if (kind == scale && length == scaleBytes)
            shift = options.u8(at + 2);
        at += length;
    }
    return shift;
}

} // namespace packetloom
