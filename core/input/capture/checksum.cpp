// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/checksum.h"

#include "core/input/capture/tunnel_layer.h"
#include "core/model/packet_extras.h"

#include <cstddef>

namespace packetloom {
namespace {

constexpr std::size_t ipv4Source = 12, ipv6Source = 8, smallestIpv4Header = 20, ipv6Header = 40;

/// A sum of 16-bit numbers (RFC 1071).
class Sum
{
public:
    void add(Layer bytes)
    {
        std::size_t at = 0;
        for (; bytes.has(at + 2); at += 2)
            sum_ += bytes.be16(at);
        sum_ += std::uint64_t{bytes.u8(at)} << 8; // an odd last byte, or 0
    }
    void add(std::uint32_t number) { sum_ += number; }
    /// 0xffff where a checksum in it is right.
    [[nodiscard]] std::uint32_t folded() const
    {
        std::uint64_t sum = sum_;
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return static_cast<std::uint32_t>(sum);
    }

private:
    std::uint64_t sum_ = 0;
};

constexpr std::uint32_t right = 0xffff;

struct Marks
{
    FrameMark checked, wrong, unset;
};

FrameMarkSet marksOf(const Marks& marks, bool isRight, bool isUnset)
{
    FrameMarkSet set = bitOf(marks.checked);
    if (!isRight)
        set |= bitOf(marks.wrong);
    if (!isRight && isUnset)
        set |= bitOf(marks.unset);
    return set;
}

FrameMarkSet ofIpv4Header(Layer header)
{
    constexpr std::size_t field = 10;
    Sum sum;
    sum.add(header);
    return marksOf({FrameMark::Ipv4Checked, FrameMark::Ipv4Wrong, FrameMark::Ipv4Unset},
                   sum.folded() == right, header.be16(field) == 0);
}

/// Whose packet it is, as its checksum has it.
struct Ends
{
    const std::uint8_t* source;
    const std::uint8_t* destination;
};

// Of TCP, UDP and ICMPv6 (RFC 9293, 8200).
void addPseudoHeader(Sum& sum, const IpHeader& ip, const Ends& ends, std::size_t bytes)
{
    sum.add(Layer({ends.source, ip.addressBytes}));
    sum.add(Layer({ends.destination, ip.addressBytes}));
    sum.add(ip.protocol);
    sum.add(static_cast<std::uint32_t>(bytes));
}

// `field`: where in the segment the checksum is.
FrameMarkSet ofSegment(const Marks& marks, const IpHeader& ip, Layer segment, std::size_t field)
{
    Sum addresses;
    addPseudoHeader(addresses, ip, {ip.source, ip.destination}, 0);
    Sum pseudo = addresses;
    pseudo.add(static_cast<std::uint32_t>(segment.size()));
    Sum all = pseudo;
    all.add(segment);
    const std::uint32_t written = segment.be16(field);
    return marksOf(marks, all.folded() == right,
                   written == 0 || written == pseudo.folded() || written == addresses.folded());
}

FrameMarkSet ofPayload(const IpHeader& ip)
{
    constexpr std::size_t tcpHeader = 20, tcpField = 16, udpHeader = 8, udpLength = 4, udpField = 6;
    if (ip.protocol == ipproto::tcp && ip.payload.has(tcpHeader))
        return ofSegment({FrameMark::TcpChecked, FrameMark::TcpWrong, FrameMark::TcpUnset}, ip, ip.payload,
                         tcpField);
    if (ip.protocol != ipproto::udp || !ip.payload.has(udpHeader))
        return 0;
    const std::size_t length = ip.payload.be16(udpLength);
    if (length < udpHeader || !ip.payload.has(length))
        return 0;
    if (ip.payload.be16(udpField) == 0)
        return bitOf(FrameMark::UdpWithout);
    return ofSegment({FrameMark::UdpChecked, FrameMark::UdpWrong, FrameMark::UdpUnset}, ip,
                     ip.payload.first(length), udpField);
}

// From the version to the payload. The destination was captured.
Layer headerOf(const IpHeader& ip)
{
    return Layer({ip.source - (ip.isIpv6() ? ipv6Source : ipv4Source), ip.payload.data()});
}

// Whether a checksum of the payload can be looked at, where the header is whole.
bool isWhole(const IpHeader& ip, Layer header)
{
    constexpr std::size_t ipv4Length = 2, ipv6Length = 4;
    return ip.fragment == Fragment::Whole && ip.payload.size() == ip.payloadBytes &&
           header.be16(ip.isIpv6() ? ipv6Length : ipv4Length) != 0;
}

bool isHeaderWhole(const IpHeader& ip, Layer header)
{
    if (ip.isIpv6())
        return header.size() == ipv6Header;
    return header.size() >= smallestIpv4Header && header.size() == (header.u8(0) & 0x0fu) * std::size_t{4};
}

// The sender's home address where destination options name it, else `source` (RFC 6275, 6.3).
const std::uint8_t* homeAddress(Layer options, const std::uint8_t* source)
{
    constexpr std::uint8_t pad1 = 0, home = 0xc9, homeBytes = 16;
    for (std::size_t at = 2; options.has(at + 2);) {
        if (options.u8(at) == pad1) {
            ++at;
            continue;
        }
        const std::uint8_t length = options.u8(at + 1);
        if (options.u8(at) == home && length == homeBytes && options.has(at + 2 + homeBytes))
            return options.data() + at + 2;
        at += std::size_t{2} + length;
    }
    return source;
}

// Where a route that is not used up ends, else `destination` (RFC 5095 of type 0, RFC 6275, 6.4, RFC 8754,
// 2).
const std::uint8_t* routeEnd(Layer route, const std::uint8_t* destination)
{
    constexpr std::uint8_t source = 0, mobile = 2, segments = 4;
    constexpr std::size_t begin = 8, address = 16;
    const std::uint8_t type = route.u8(2), left = route.u8(3);
    if (left == 0 || !route.has(begin + address))
        return destination;
    if (type == segments) // backwards
        return route.data() + begin;
    return type == source || type == mobile ? route.data() + route.size() - address : destination;
}

// Of a packet of IPv6 with extension headers, which were all captured.
Ends endsBehind(const IpHeader& ip, Layer header)
{
    constexpr std::size_t nextAt = 6, authentication = 4, usual = 8;
    Ends ends{ip.source, ip.destination};
    std::uint8_t protocol = header.u8(nextAt);
    for (Layer rest = header.from(ipv6Header); rest.has(usual);) {
        std::size_t bytes = (rest.u8(1) + std::size_t{1}) * usual;
        if (protocol == ipproto::fragment)
            bytes = usual;
        else if (protocol == ipproto::authentication)
            bytes = (rest.u8(1) + std::size_t{2}) * authentication;
        const Layer extension = rest.first(bytes);
        if (protocol == ipproto::destinationOptions)
            ends.source = homeAddress(extension, ends.source);
        else if (protocol == ipproto::routing)
            ends.destination = routeEnd(extension, ends.destination);
        protocol = rest.u8(0);
        rest = rest.from(bytes);
    }
    return ends;
}

// Of what checksumMarks() does not look at.
bool isWrongBesides(const IpHeader& ip, Layer header)
{
    constexpr std::size_t tcpHeader = 20, udpHeader = 8, udpLength = 4, udpField = 6, icmpHeader = 4;
    const bool extended = ip.isIpv6() && header.size() != ipv6Header;
    Layer segment = ip.payload;
    if (ip.protocol == (ip.isIpv6() ? ipproto::icmpv6 : ipproto::icmp)) {
        if (!segment.has(icmpHeader))
            return false;
    } else if (extended && ip.protocol == ipproto::tcp) {
        if (!segment.has(tcpHeader))
            return false;
    } else if (ip.isIpv6() && ip.protocol == ipproto::udp && segment.has(udpHeader)) {
        if (segment.be16(udpField) == 0)
            return !tunnelled(ip);
        const std::size_t length = segment.be16(udpLength);
        if (!extended || length < udpHeader || !segment.has(length))
            return false;
        segment = segment.first(length);
    } else {
        return false;
    }
    Sum sum;
    sum.add(segment);
    if (ip.isIpv6())
        addPseudoHeader(sum, ip, endsBehind(ip, header), segment.size());
    return sum.folded() != right;
}

} // namespace

FrameMarkSet checksumMarks(const IpHeader& ip)
{
    if (!ip.destination) // cut off
        return 0;
    const Layer header = headerOf(ip);
    if (!isHeaderWhole(ip, header))
        return 0;
    const FrameMarkSet marks = ip.isIpv6() ? FrameMarkSet{0} : ofIpv4Header(header);
    return isWhole(ip, header) ? static_cast<FrameMarkSet>(marks | ofPayload(ip)) : marks;
}

std::uint8_t checksumDamage(const IpHeader& ip, FrameMarkSet marks)
{
    const auto has = [&](FrameMark mark) { return (marks & bitOf(mark)) != 0; };
    unsigned damage = 0;
    if (has(FrameMark::Ipv4Wrong))
        damage |= PacketExtras::BadIpChecksum;
    bool wrong = has(FrameMark::TcpWrong) || has(FrameMark::UdpWrong);
    if (!wrong && ip.destination) {
        const Layer header = headerOf(ip);
        wrong =
            (ip.isIpv6() || isHeaderWhole(ip, header)) && isWhole(ip, header) && isWrongBesides(ip, header);
    }
    if (wrong)
        damage |= PacketExtras::BadChecksum;
    return static_cast<std::uint8_t>(damage);
}

} // namespace packetloom
