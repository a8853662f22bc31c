// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/link_layer.h"

#include <algorithm>

namespace packetloom {
namespace {

namespace linktype {
constexpr std::uint16_t null = 0, ethernet = 1, ppp = 9, fddi = 10, rawBsd = 12, rawOpenBsd = 14,
                        pppHdlc = 50, pppEther = 51, raw = 101, ciscoHdlc = 104, wlan = 105, loop = 108,
                        linuxCooked = 113, radiotap = 127, ppi = 192, ipv4 = 228, ipv6 = 229, nflog = 239,
                        linuxCooked2 = 276;
} // namespace linktype

LinkPayload readRaw(Layer packet)
{
    return packet.size() > 0 ? LinkPayload::ip(packet) : LinkPayload::other(NotIp::CutShort);
}

// An address family in the byte order of whoever captured: families are small numbers. That of IPv6 is
// another one on each system.
LinkPayload readNull(Layer frame)
{
    if (!frame.has(5))
        return LinkPayload::other(NotIp::CutShort);
    switch (std::min(frame.le32(0), frame.be32(0))) {
    case 2:  // AF_INET
    case 10: // AF_INET6 of Linux, ...
    case 23: // Windows
    case 24: // NetBSD, OpenBSD
    case 28: // FreeBSD
    case 30: // macOS
        return LinkPayload::ip(frame.from(4));
    default:
        return LinkPayload::other(NotIp::LinkType);
    }
}

// Linux' own numbers beside the EtherTypes: 802.2 without a length, 802.3 that is Novell's.
LinkPayload readCooked(std::uint16_t protocol, Layer payload)
{
    constexpr std::uint16_t novell = 1, llc = 4;
    if (protocol == novell || protocol == 0)
        return LinkPayload::other(NotIp::Llc);
    return protocol == llc ? readLlc(payload) : readEtherType(protocol, payload);
}

LinkPayload readLinuxCooked(Layer frame)
{
    constexpr std::size_t header = 16;
    if (!frame.has(header))
        return LinkPayload::other(NotIp::CutShort);
    return readCooked(frame.be16(14), frame.from(header));
}

LinkPayload readLinuxCooked2(Layer frame)
{
    constexpr std::size_t header = 20;
    if (!frame.has(header))
        return LinkPayload::other(NotIp::CutShort);
    return readCooked(frame.be16(0), frame.from(header));
}

LinkPayload readFddi(Layer frame)
{
    constexpr std::size_t header = 13;
    if (!frame.has(header))
        return LinkPayload::other(NotIp::CutShort);
    const bool isLlc = (frame.u8(0) & 0xf0) == 0x50 || (frame.u8(0) & 0xf0) == 0xd0;
    return isLlc ? readLlc(frame.from(header)) : LinkPayload::other(NotIp::Llc);
}

LinkPayload readCiscoHdlc(Layer frame)
{
    if (!frame.has(4))
        return LinkPayload::other(NotIp::CutShort);
    return readEtherType(frame.be16(2), frame.from(4));
}

LinkPayload readPppOrHdlc(Layer frame)
{
    constexpr std::uint8_t ciscoUnicast = 0x0f, ciscoMulticast = 0x8f;
    const bool cisco = (frame.u8(0) == ciscoUnicast || frame.u8(0) == ciscoMulticast) && frame.u8(1) == 0;
    return cisco ? readCiscoHdlc(frame) : readPpp(frame);
}

// Attributes in the byte order of whoever captured, each with its length; the packet is one of them. A length
// that only one byte order allows tells which.
LinkPayload readNflog(Layer frame)
{
    constexpr std::size_t header = 4, attributeHeader = 4;
    constexpr std::uint16_t payload = 9, typeBits = 0x7fff;
    Layer rest = frame.from(header);
    const bool big = rest.le16(0) > rest.be16(0);
    while (rest.has(attributeHeader)) {
        const std::size_t length = big ? rest.be16(0) : rest.le16(0);
        const std::uint16_t type = (big ? rest.be16(2) : rest.le16(2)) & typeBits;
        if (length < attributeHeader)
            break;
        if (type == payload)
            return readRaw(rest.first(length).from(attributeHeader));
        rest = rest.from((length + 3) / 4 * 4);
    }
    return LinkPayload::other(NotIp::CutShort);
}

// Per-Packet Information: a header of its own, then a frame of a link type that it names. One within another
// is left alone.
LinkPayload readPpi(Layer frame)
{
    const std::size_t length = frame.le16(2);
    const std::uint32_t inner = frame.le32(4);
    if (!frame.has(8) || length < 8 || !frame.has(length))
        return LinkPayload::other(NotIp::CutShort);
    switch (inner) {
    case linktype::wlan:
        return readWlan(frame.from(length));
    case linktype::ethernet:
        return readEthernet(frame.from(length));
    default:
        return LinkPayload::other(NotIp::LinkType);
    }
}

} // namespace

LinkPayload readLink(std::uint16_t linkType, Layer frame)
{
    switch (linkType) {
    case linktype::ethernet:
        return readEthernet(frame);
    case linktype::raw:
    case linktype::rawBsd:
    case linktype::rawOpenBsd:
    case linktype::ipv4:
    case linktype::ipv6:
        return readRaw(frame);
    case linktype::null:
    case linktype::loop:
        return readNull(frame);
    case linktype::linuxCooked:
        return readLinuxCooked(frame);
    case linktype::linuxCooked2:
        return readLinuxCooked2(frame);
    case linktype::ppp:
    case linktype::pppHdlc:
        return readPppOrHdlc(frame);
    case linktype::pppEther:
        return readPpp(frame.from(6));
    case linktype::ciscoHdlc:
        return readCiscoHdlc(frame);
    case linktype::wlan:
        return readWlan(frame);
    case linktype::radiotap:
        return readRadiotap(frame);
    case linktype::ppi:
        return readPpi(frame);
    case linktype::fddi:
        return readFddi(frame);
    case linktype::nflog:
        return readNflog(frame);
    default:
        return LinkPayload::other(NotIp::LinkType);
    }
}

} // namespace packetloom
