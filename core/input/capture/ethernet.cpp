// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/link_payload.h"

namespace packetloom {
namespace {

constexpr std::size_t ethernetAddresses = 12, ethernetHeader = 14;

constexpr std::uint16_t typeIpv4 = 0x0800, typeArp = 0x0806, typeRarp = 0x8035, typeVlan = 0x8100,
                        typeIpv6 = 0x86dd, typePpp = 0x880b, typeMpls = 0x8847, typeMplsUpstream = 0x8848,
                        typePppoeDiscovery = 0x8863, typePppoe = 0x8864, typeServiceVlan = 0x88a8,
                        typeLldp = 0x88cc, typePbb = 0x88e7, typeFabricPath = 0x8903, typeVnTag = 0x8926,
                        typeBridgePort = 0x893f, typeOldVlan = 0x9100, typeOlderVlan = 0x9200,
                        typeEthernet = 0x6558;
constexpr std::uint16_t longestLength = 1500, smallestType = 1536;

// From the first label on. What is behind the last one is told by its first bits (RFC 4928); a pseudowire's
// control word begins with zeros.
LinkPayload readMpls(Layer labels)
{
    constexpr std::size_t label = 4;
    constexpr std::uint8_t bottomOfStack = 1;
    while (labels.has(label) && (labels.u8(2) & bottomOfStack) == 0)
        labels = labels.from(label);
    if (!labels.has(label + 1))
        return LinkPayload::other(NotIp::CutShort);
    const Layer payload = labels.from(label);
    switch (payload.u8(0) >> 4) {
    case 4:
    case 6:
        return LinkPayload::ip(payload);
    default:
        return LinkPayload::other(NotIp::Mpls);
    }
}

/// A pseudowire's payload, or nothing.
Layer behindControlWord(Layer payload)
{
    constexpr std::size_t label = 4, controlWord = 4;
    while (payload.has(label) && (payload.u8(2) & 1) == 0)
        payload = payload.from(label);
    payload = payload.from(label);
    return payload.has(controlWord + ethernetHeader) && payload.u8(0) >> 4 == 0 ? payload.from(controlWord)
                                                                                : Layer();
}

/// Where reading goes on, tag by tag.
struct Tagged
{
    std::uint16_t type = 0;
    Layer payload;
};

/// What an LLC header says: where reading goes on, or, when that has no payload, what was found.
struct Llc
{
    Tagged next;
    LinkPayload found;
};

// SNAP with an organisation that numbers protocols as EtherTypes do.
Llc readLlcHeader(Layer llc)
{
    constexpr std::uint8_t snap = 0xaa, ip = 0x06, unnumbered = 0x03;
    constexpr std::uint32_t rfc1042 = 0x000000, bridgeTunnel = 0x0000f8;
    if (!llc.has(4))
        return {.next = {}, .found = LinkPayload::other(NotIp::CutShort)};
    if (llc.u8(0) == ip && llc.u8(1) == ip && llc.u8(2) == unnumbered)
        return {.next = {}, .found = LinkPayload::ip(llc.from(3))};
    if (llc.u8(0) != snap || llc.u8(1) != snap || llc.u8(2) != unnumbered)
        return {.next = {}, .found = LinkPayload::other(NotIp::Llc)};
    if (!llc.has(9))
        return {.next = {}, .found = LinkPayload::other(NotIp::CutShort)};
    const std::uint32_t organisation = llc.be32(2) & 0xffffff;
    const std::uint16_t type = llc.be16(6);
    if ((organisation != rfc1042 && organisation != bridgeTunnel) || type < smallestType)
        return {.next = {}, .found = LinkPayload::other(NotIp::Llc)};
    return {.next = {type, llc.from(8)}, .found = {}};
}

} // namespace

LinkPayload readEtherType(std::uint16_t type, Layer payload)
{
    std::optional<std::uint16_t> vlan;
    const auto tagged = [&](LinkPayload found) {
        if (vlan)
            found.vlan = vlan;
        return found;
    };
    const auto inEthernet = [&](Layer frame) {
        return Tagged{frame.be16(ethernetAddresses), frame.from(ethernetHeader)};
    };
    for (;;) { // each turn takes bytes away
        Tagged next;
        switch (type) {
        case typeIpv4:
        case typeIpv6:
            return tagged(payload.has(1) ? LinkPayload::ip(payload) : LinkPayload::other(NotIp::CutShort));
        case typeVlan:
        case typeServiceVlan:
        case typeOldVlan:
        case typeOlderVlan:
            if (!vlan && payload.has(2))
                vlan = payload.be16(0) & 0x0fff;
            next = {payload.be16(2), payload.from(4)};
            break;
        case typePbb: // I-TAG, then the customer's frame
            next = inEthernet(payload.from(4));
            break;
        case typeFabricPath:
            next = inEthernet(payload.from(2));
            break;
        case typeEthernet:
            next = inEthernet(payload);
            break;
        case typeVnTag:
            next = {payload.be16(4), payload.from(6)};
            break;
        case typeBridgePort: // E-TAG
            next = {payload.be16(6), payload.from(8)};
            break;
        case typeMpls:
        case typeMplsUpstream: {
            const LinkPayload labelled = readMpls(payload);
            const Layer pseudowire = labelled.notIp ? behindControlWord(payload) : Layer();
            if (pseudowire.size() == 0)
                return tagged(labelled);
            next = inEthernet(pseudowire);
            break;
        }
        case typePppoe:
            return tagged(readPpp(payload.from(6)));
        case typePpp:
            return tagged(readPpp(payload));
        case typeArp:
        case typeRarp:
            return tagged(LinkPayload::other(NotIp::Arp));
        case typeLldp:
            return tagged(LinkPayload::other(NotIp::Lldp));
        case typePppoeDiscovery:
            return tagged(LinkPayload::other(NotIp::Ppp));
        default: {
            if (type > longestLength)
                return tagged(LinkPayload::other(type < smallestType ? NotIp::CutShort : NotIp::EtherType));
            const Llc llc = readLlcHeader(payload);
            if (llc.next.payload.size() == 0)
                return tagged(llc.found);
            next = llc.next;
            break;
        }
        }
        type = next.type;
        payload = next.payload;
    }
}

LinkPayload readEthernet(Layer frame)
{
    if (!frame.has(ethernetHeader))
        return LinkPayload::other(NotIp::CutShort);
    return readEtherType(frame.be16(ethernetAddresses), frame.from(ethernetHeader));
}

LinkPayload readLlc(Layer llc)
{
    const Llc header = readLlcHeader(llc);
    return header.next.payload.size() > 0 ? readEtherType(header.next.type, header.next.payload)
                                          : header.found;
}

LinkPayload readPpp(Layer ppp)
{
    constexpr std::uint16_t ipv4 = 0x0021, ipv6 = 0x0057, mpls = 0x0281, mplsMulticast = 0x0283;
    if (ppp.u8(0) == 0xff && ppp.u8(1) == 0x03)
        ppp = ppp.from(2);
    const bool compressed = (ppp.u8(0) & 1) != 0; // RFC 1661, 6.5
    const std::size_t bytes = compressed ? 1 : 2;
    if (!ppp.has(bytes + 1))
        return LinkPayload::other(NotIp::CutShort);
    const std::uint16_t protocol = compressed ? ppp.u8(0) : ppp.be16(0);
    const Layer payload = ppp.from(bytes);
    switch (protocol) {
    case ipv4:
    case ipv6:
        return LinkPayload::ip(payload);
    case mpls:
    case mplsMulticast:
        return readMpls(payload);
    default:
        return LinkPayload::other(NotIp::Ppp);
    }
}

} // namespace packetloom
