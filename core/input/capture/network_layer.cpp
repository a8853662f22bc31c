// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/network_layer.h"

#include <algorithm>

namespace packetloom {
namespace {

// The destination, which a strict or loose source route that is not used up names last; null where options
// were cut off before it could be told whether there is one.
const std::uint8_t* destinationOf(Layer packet, std::size_t headerBytes)
{
    constexpr std::uint8_t end = 0, nothing = 1, loose = 131, strict = 137;
    constexpr std::size_t smallestHeader = 20, address = 4, smallestRoute = 3 + address;
    if (!packet.has(smallestHeader))
        return nullptr;
    const std::uint8_t* const named = packet.data() + smallestHeader - address;
    std::size_t at = smallestHeader;
    while (at < headerBytes) {
        if (!packet.has(at + 1))
            return nullptr;
        const std::uint8_t option = packet.u8(at);
        if (option == end)
            return named;
        if (option == nothing) {
            ++at;
            continue;
        }
        if (!packet.has(at + 2))
            return nullptr;
        const std::size_t length = packet.u8(at + 1);
        if (length < 2 || at + length > headerBytes)
            return named;
        if (option == loose || option == strict) {
            if (!packet.has(at + length))
                return nullptr;
            if (length >= smallestRoute && packet.u8(at + 2) <= length)
                return packet.data() + at + length - address;
        }
        at += length;
    }
    return named;
}

IpProblem readIpv4(Layer packet, IpHeader& header)
{
    constexpr std::size_t smallestHeader = 20, sourceEnd = 16, addressBytes = 4;
    constexpr std::uint16_t moreFragments = 0x2000, offsetBits = 0x1fff;
    const std::size_t headerBytes = (packet.u8(0) & 0x0f) * std::size_t{4};
    if (headerBytes < smallestHeader)
        return IpProblem::HeaderLength;
    if (!packet.has(sourceEnd))
        return IpProblem::Cut;
    std::size_t total = packet.be16(2);
    if (total == 0)
        total = packet.size();
    else if (total < headerBytes)
        return IpProblem::Length;

    const std::uint16_t fragment = packet.be16(6);
    header.addressBytes = addressBytes;
    header.identification = packet.be16(4);
    header.fragment = (fragment & offsetBits) != 0      ? Fragment::Later
                      : (fragment & moreFragments) != 0 ? Fragment::First
                                                        : Fragment::Whole;
    header.hopLimit = packet.u8(8);
    header.protocol = packet.u8(9);
    header.source = packet.data() + sourceEnd - addressBytes;
    header.destination = destinationOf(packet, headerBytes);
    header.payload = packet.first(total).from(headerBytes);
    header.payloadBytes = static_cast<std::uint32_t>(total > headerBytes ? total - headerBytes : 0);
    header.wireBytes = static_cast<std::uint32_t>(total);
    header.totalBytes = packet.be16(2);
    return IpProblem::None;
}

/// Whether a next header is an extension header that another one follows (RFC 8200, 4; IANA).
bool isExtension(std::uint8_t next)
{
    switch (next) {
    case ipproto::hopByHop:
    case ipproto::routing:
    case ipproto::fragment:
    case ipproto::authentication:
    case ipproto::destinationOptions:
    case ipproto::mobility:
    case ipproto::hostIdentity:
    case ipproto::shim6:
        return true;
    default:
        return false;
    }
}

// Each turn takes eight bytes away at least. Of a chain that was cut off the protocol is the extension that
// was.
void skipExtensions(IpHeader& header)
{
    constexpr std::uint8_t noNextHeader = 59;
    constexpr std::uint16_t offsetBits = 0xfff8, moreFragments = 1;
    while (isExtension(header.protocol) && header.payload.has(8) && header.fragment != Fragment::Later) {
        const Layer extension = header.payload;
        const std::uint8_t next = extension.u8(0);
        std::size_t length = (extension.u8(1) + std::size_t{1}) * 8;
        switch (header.protocol) {
        case ipproto::fragment: {
            length = 8;
            const std::uint16_t offset = extension.be16(2);
            header.identification = extension.be32(4);
            header.fragment = (offset & offsetBits) != 0      ? Fragment::Later
                              : (offset & moreFragments) != 0 ? Fragment::First
                                                              : Fragment::Whole;
            break;
        }
        case ipproto::authentication: // in four bytes, minus two (RFC 4302, 2.2)
            length = (extension.u8(1) + std::size_t{2}) * 4;
            break;
        case ipproto::mobility: // the message itself (RFC 6275, 6.1)
        case ipproto::hostIdentity:
            if (next == noNextHeader)
                return;
            break;
        default:
            break;
        }
        header.protocol = next;
        header.payload = extension.from(length);
        header.payloadBytes -= std::min(header.payloadBytes, static_cast<std::uint32_t>(length));
    }
}

IpProblem readIpv6(Layer packet, IpHeader& header)
{
    constexpr std::size_t headerBytes = 40, sourceEnd = 24, addressBytes = 16;
    if (!packet.has(sourceEnd))
        return IpProblem::Cut;
    header.addressBytes = addressBytes;
    header.identification = 0;
    header.fragment = Fragment::Whole;
    header.protocol = packet.u8(6);
    header.hopLimit = packet.u8(7);
    header.source = packet.data() + sourceEnd - addressBytes;
    header.destination = packet.has(headerBytes) ? packet.data() + sourceEnd : nullptr;
    // A jumbo payload (RFC 2675), or one that the card will cut, has length 0.
    const Layer payload = packet.from(headerBytes);
    const std::size_t length = packet.be16(4) != 0 ? packet.be16(4) : payload.size();
    header.payload = payload.first(length);
    header.payloadBytes = static_cast<std::uint32_t>(length);
    header.wireBytes = static_cast<std::uint32_t>(headerBytes + length);
    header.totalBytes = static_cast<std::uint32_t>(headerBytes + packet.be16(4));
    skipExtensions(header);
    return IpProblem::None;
}

} // namespace

IpProblem readIp(Layer packet, IpHeader& header)
{
    constexpr unsigned version4 = 4, version6 = 6;
    if (!packet.has(1))
        return IpProblem::Cut;
    switch (packet.u8(0) >> 4) {
    case version4:
        return readIpv4(packet, header);
    case version6:
        return readIpv6(packet, header);
    default:
        return IpProblem::Version;
    }
}

} // namespace packetloom
