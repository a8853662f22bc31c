// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/tunnel_layer.h"

#include "core/input/capture/link_payload.h"

namespace packetloom {
namespace {

using Inner = std::optional<Tunnelled>;

constexpr std::size_t udpHeader = 8;

Inner packetOf(Tunnel tunnel, const LinkPayload& payload)
{
    return payload.notIp ? std::nullopt : Inner({tunnel, payload.packet});
}

Inner inErspan(bool numbered, Layer payload)
{
    constexpr std::size_t header2 = 8, header3 = 12, subheader3 = 8;
    constexpr unsigned version3 = 2;
    if (!numbered) // type I has no header at all
        return packetOf(Tunnel::Erspan, readEthernet(payload));
    if (payload.u8(0) >> 4 != version3)
        return packetOf(Tunnel::Erspan, readEthernet(payload.from(header2)));
    const bool more = (payload.u8(header3 - 1) & 1) != 0;
    return packetOf(Tunnel::Erspan, readEthernet(payload.from(header3 + (more ? subheader3 : 0))));
}

// `plain`: what GRE without a header of somebody else is called.
Inner inGre(Layer gre, Tunnel plain)
{
    constexpr std::uint16_t checksum = 0x8000, routing = 0x4000, key = 0x2000, sequence = 0x1000,
                            acknowledgment = 0x0080, versionBits = 0x0007, field = 4;
    constexpr std::uint16_t ppp = 0x880b, erspan = 0x88be, erspan3 = 0x22eb, wccp = 0x883e,
                            arubaFirst = 0x8200, arubaLast = 0x83ff, aruba = 0x9000;
    if (!gre.has(field))
        return std::nullopt;
    const std::uint16_t flags = gre.be16(0), protocol = gre.be16(2), version = flags & versionBits;
    std::size_t header = field;
    if (version == 0) {
        if ((flags & routing) != 0)
            return std::nullopt;
        for (const auto optional : {checksum, key, sequence})
            header += (flags & optional) != 0 ? field : 0;
    } else if (version == 1 && protocol == ppp) {
        for (const auto optional : {key, sequence, acknowledgment})
            header += (flags & optional) != 0 ? field : 0;
    } else {
        return std::nullopt;
    }
    const Layer payload = gre.from(header);
    if (protocol == erspan || protocol == erspan3)
        return inErspan((flags & sequence) != 0, payload);
    if (protocol == wccp) // version 2 has a header of its own
        return Tunnelled{Tunnel::Wccp, payload.u8(0) >> 4 == 4 ? payload : payload.from(field)};
    if ((protocol >= arubaFirst && protocol <= arubaLast) || protocol == aruba)
        return packetOf(Tunnel::Aruba, readWlan(payload));
    return protocol == 0 ? std::nullopt
                         : packetOf(version == 1 ? Tunnel::Pptp : plain, readEtherType(protocol, payload));
}

Inner inVxlan(Layer vxlan)
{
    constexpr std::uint8_t valid = 0x08;
    constexpr std::size_t header = 8;
    return (vxlan.u8(0) & valid) != 0 ? packetOf(Tunnel::Vxlan, readEthernet(vxlan.from(header)))
                                      : std::nullopt;
}

Inner inGeneve(Layer geneve)
{
    constexpr std::size_t header = 8;
    const unsigned version = geneve.u8(0) >> 6;
    const std::size_t options = (geneve.u8(0) & 0x3fu) * std::size_t{4};
    if (!geneve.has(header) || version != 0)
        return std::nullopt;
    return packetOf(Tunnel::Geneve, readEtherType(geneve.be16(2), geneve.from(header + options)));
}

Inner inGtp(Layer gtp)
{
    constexpr std::uint8_t versionAndType = 0xf0, version1 = 0x30, extended = 0x04, anyOption = 0x07,
                           userData = 255;
    constexpr std::size_t header = 8, options = 4;
    if (!gtp.has(header) || (gtp.u8(0) & versionAndType) != version1 || gtp.u8(1) != userData)
        return std::nullopt;
    const std::uint8_t flags = gtp.u8(0);
    if ((flags & anyOption) == 0)
        return Tunnelled{Tunnel::GtpU, gtp.from(header)};
    std::uint8_t next = (flags & extended) != 0 ? gtp.u8(header + options - 1) : std::uint8_t{0};
    Layer rest = gtp.from(header + options);
    while (next != 0) { // an extension header: its length in four bytes, content, the next one's type
        const std::size_t length = rest.u8(0) * std::size_t{4};
        if (length == 0 || !rest.has(length))
            return std::nullopt;
        next = rest.u8(length - 1);
        rest = rest.from(length);
    }
    return Tunnelled{Tunnel::GtpU, rest};
}

Inner inTeredo(Layer teredo)
{
    constexpr std::uint16_t authentication = 0x0001, origin = 0x0000;
    constexpr std::size_t originBytes = 8, authenticationBytes = 13;
    if (teredo.has(authenticationBytes) && teredo.be16(0) == authentication)
        teredo = teredo.from(authenticationBytes + teredo.u8(2) + teredo.u8(3));
    if (teredo.has(originBytes) && teredo.be16(0) == origin)
        teredo = teredo.from(originBytes);
    return teredo.u8(0) >> 4 == 6 ? Inner({Tunnel::Teredo, teredo}) : std::nullopt;
}

// draft-massar-v6ops-ayiya-02: lengths of the identity (a power of two) and of the signature (in four bytes).
Inner inAyiya(Layer ayiya)
{
    constexpr std::size_t header = 8;
    if (!ayiya.has(header))
        return std::nullopt;
    const std::size_t identity = std::size_t{1} << (ayiya.u8(0) >> 4),
                      signature = (ayiya.u8(1) >> 4) * std::size_t{4};
    const std::uint8_t next = ayiya.u8(3);
    if (next != ipproto::ipv4 && next != ipproto::ipv6)
        return std::nullopt;
    return Tunnelled{Tunnel::Ayiya, ayiya.from(header + identity + signature)};
}

Inner inUdp(Layer udp)
{
    constexpr std::uint16_t gtp = 2152, teredo = 3544, greInUdp = 4754, vxlan = 4789, ayiya = 5072,
                            geneve = 6081, linuxVxlan = 8472;
    const Layer payload = udp.from(udpHeader);
    for (const std::uint16_t port : {udp.be16(2), udp.be16(0)}) {
        switch (port) {
        case gtp:
            return inGtp(payload);
        case teredo:
            return inTeredo(payload);
        case greInUdp:
            return inGre(payload, Tunnel::GreInUdp);
        case vxlan:
        case linuxVxlan:
            return inVxlan(payload);
        case ayiya:
            return inAyiya(payload);
        case geneve:
            return inGeneve(payload);
        default:
            break;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Tunnelled> tunnelled(const IpHeader& outer)
{
    constexpr std::uint8_t etherIp = 97;
    if (outer.fragment == Fragment::Later)
        return std::nullopt;
    switch (outer.protocol) {
    case ipproto::udp:
        return inUdp(outer.payload);
    case ipproto::ipv4:
        return Tunnelled{outer.isIpv6() ? Tunnel::Ipv4InIpv6 : Tunnel::Ipv4InIpv4, outer.payload};
    case ipproto::ipv6:
        return Tunnelled{outer.isIpv6() ? Tunnel::Ipv6InIpv6 : Tunnel::Ipv6InIpv4, outer.payload};
    case ipproto::gre:
        return inGre(outer.payload, Tunnel::Gre);
    case etherIp:
        return packetOf(Tunnel::EtherIp, readEthernet(outer.payload.from(2)));
    default:
        return std::nullopt;
    }
}

} // namespace packetloom
