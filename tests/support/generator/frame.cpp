// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/frame.h"

#include <algorithm>
#include <cstring>

namespace packetloom::generator {
namespace {

constexpr std::uint16_t ethernetHeader = 14, ipv4Header = 20, ipv6Header = 40, tcpHeader = 20, udpHeader = 8,
                        icmpHeader = 8;
constexpr std::uint8_t icmp6 = 58, timeToLive = 64;

/// Writes numbers in network byte order.
class Bytes
{
public:
    explicit Bytes(std::uint8_t* at) : at_(at) {}

    Bytes& u8(unsigned value)
    {
        *at_++ = static_cast<std::uint8_t>(value);
        return *this;
    }
    Bytes& u16(unsigned value) { return u8(value >> 8).u8(value & 255); }
    Bytes& u32(std::uint32_t value) { return u16(value >> 16).u16(value & 0xFFFF); }
    Bytes& address(const IpAddress& address)
    {
        const std::size_t size = address.ipv6 ? 16 : 4;
        std::memcpy(at_, address.bytes.data(), size);
        at_ += size;
        return *this;
    }
    [[nodiscard]] std::uint8_t* at() const { return at_; }

private:
    std::uint8_t* at_;
};

/// The Internet checksum (RFC 1071). Sums do not depend on the machine's byte order as long as they are
/// stored as they were loaded. Lengths are multiples of four.
class Checksum
{
public:
    void add(const std::uint8_t* bytes, std::size_t size)
    {
        for (std::size_t i = 0; i < size; i += 4) {
            std::uint32_t word = 0;
            std::memcpy(&word, bytes + i, 4);
            sum_ += word;
        }
    }
    void addNumbers(unsigned first, unsigned second)
    {
        std::uint8_t bytes[4];
        Bytes(bytes).u16(first).u16(second);
        add(bytes, sizeof bytes);
    }
    /// Two bytes, so many times.
    void addTimes(std::uint64_t count, unsigned first, unsigned second)
    {
        const std::uint8_t bytes[2]{static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
        std::uint16_t word = 0;
        std::memcpy(&word, bytes, sizeof word);
        sum_ += count * word;
    }
    void store(std::uint8_t* at) const
    {
        std::uint64_t sum = sum_;
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        const auto value = static_cast<std::uint16_t>(~sum);
        std::memcpy(at, &value, 2);
    }

private:
    std::uint64_t sum_ = 0;
};

struct Ends
{
    IpAddress source, destination;
};

void embed(IpAddress& address)
{
    const auto& b = address.bytes;
    address = IpAddress::v6({0x2001, 0xDB8, 0x64, 0, 0, 0, static_cast<std::uint16_t>(b[0] << 8 | b[1]),
                             static_cast<std::uint16_t>(b[2] << 8 | b[3])});
}

Ends endsOf(const Packet& packet, const HostPool& hosts)
{
    Ends ends{hosts.address(packet.source), hosts.address(packet.destination)};
    if (ends.source.ipv6 != ends.destination.ipv6)
        embed(ends.source.ipv6 ? ends.destination : ends.source);
    return ends;
}

Checksum pseudoHeader(const Ends& ends, unsigned protocol, std::uint32_t length)
{
    const std::size_t size = ends.source.ipv6 ? 16 : 4;
    Checksum sum;
    sum.add(ends.source.bytes.data(), size);
    sum.add(ends.destination.bytes.data(), size);
    sum.addNumbers(protocol, length);
    return sum;
}

Bytes ipHeader(Bytes out, const Ends& ends, unsigned protocol, std::uint32_t payload, unsigned identification)
{
    constexpr unsigned dontFragment = 0x4000;
    if (ends.source.ipv6)
        return out.u32(0x60000000)
            .u16(payload)
            .u8(protocol)
            .u8(timeToLive)
            .address(ends.source)
            .address(ends.destination);
    std::uint8_t* const begin = out.at();
    out.u16(0x4500)
        .u16(ipv4Header + payload)
        .u16(identification)
        .u16(dontFragment)
        .u8(timeToLive)
        .u8(protocol);
    std::uint8_t* const checksum = out.at();
    out.u16(0).address(ends.source).address(ends.destination);
    Checksum sum;
    sum.add(begin, ipv4Header);
    sum.store(checksum);
    return out;
}

/// Those of Linux in connections with timestamps, of Windows in those without, of scanners, and of hosts that
/// neither do selective acknowledgments (8 bytes).
Bytes tcpOptions(Bytes out, const Packet& packet, bool ipv6, std::uint64_t seen)
{
    constexpr unsigned none = 1, segmentSize = 2, windowScale = 3, selective = 4, timestamps = 8;
    constexpr std::uint64_t tick = 4000; // microseconds
    const bool opens = (packet.flags & syn) != 0;
    const auto now = static_cast<std::uint32_t>(seen / tick);
    const unsigned size = packet.segmentSize == Packet::usual ? (ipv6 ? 1440U : 1460U)
                                                              : static_cast<unsigned>(packet.segmentSize);
    const unsigned scale =
        packet.windowScale == Packet::usual ? 7U : static_cast<unsigned>(packet.windowScale);
    const auto stamp = [&] {
        out.u8(timestamps).u8(10).u32(now).u32((packet.flags & ack) != 0 ? now - 1 : 0);
    };
    if (packet.optionBytes == 12 && !opens) {
        out.u8(none).u8(none);
        stamp();
    } else if (packet.optionBytes > 0) {
        out.u8(segmentSize).u8(4).u16(size);
        if (packet.optionBytes == 20) {
            out.u8(selective).u8(2);
            stamp();
            out.u8(none).u8(windowScale).u8(3).u8(scale);
        } else if (packet.optionBytes == 8) {
            out.u8(none).u8(windowScale).u8(3).u8(scale);
        } else if (packet.optionBytes == 12) {
            out.u8(none).u8(windowScale).u8(3).u8(scale).u8(none).u8(none).u8(selective).u8(2);
        }
    }
    return out;
}

std::uint8_t* writeTcp(Bytes out, const Packet& packet, const Ends& ends, unsigned identification,
                       std::uint64_t seen)
{
    const bool opens = (packet.flags & syn) != 0;
    const unsigned header = tcpHeader + packet.optionBytes;
    out = ipHeader(out, ends, tcp, header + packet.payload, identification);
    std::uint8_t* const begin = out.at();
    out.u16(packet.sourcePort).u16(packet.destinationPort).u32(packet.seq).u32(packet.ack);
    const unsigned usualWindow = (packet.flags & rst) != 0 ? 0 : opens ? 64'240 : 501;
    out.u16(header / 4 << 12 | packet.flags);
    out.u16(packet.window == Packet::usual ? usualWindow : static_cast<unsigned>(packet.window));
    out.u16(0).u16((packet.flags & urg) != 0 ? 1 : 0);
    out = tcpOptions(out, packet, ends.source.ipv6, seen);
    constexpr unsigned byte = static_cast<unsigned char>(payloadByte);
    Checksum sum = pseudoHeader(ends, tcp, header + packet.payload);
    sum.add(begin, header);
    sum.addTimes(packet.payload / 2U, byte, byte);
    sum.addTimes(packet.payload % 2U, byte, 0);
    sum.store(begin + 16);
    return out.at();
}

Bytes udpHeaderOf(Bytes out, unsigned source, unsigned destination, const Ends& ends, unsigned length)
{
    std::uint8_t* const begin = out.at();
    out.u16(source).u16(destination).u16(length).u16(0);
    Checksum sum = pseudoHeader(ends, udp, length);
    sum.add(begin, udpHeader);
    sum.store(begin + 6);
    if (begin[6] == 0 && begin[7] == 0) // which would say that there is none
        begin[6] = begin[7] = 0xFF;
    return out;
}

// A ping, with nothing but zeros behind its header.
std::uint8_t* writeEcho(Bytes out, const Packet& packet, const Ends& ends, unsigned identification)
{
    constexpr unsigned request = 8, request6 = 128, reply6 = 129;
    const bool ipv6 = ends.source.ipv6, asks = packet.echo == 1;
    const unsigned protocol = ipv6 ? icmp6 : unsigned{icmp};
    const unsigned length = packet.length - ethernetHeader - (ipv6 ? ipv6Header : ipv4Header);
    out = ipHeader(out, ends, protocol, length, identification);
    std::uint8_t* const begin = out.at();
    out.u8(ipv6 ? (asks ? request6 : reply6) : (asks ? request : 0)).u8(0).u16(0);
    out.u16(packet.reportedSourcePort).u16(packet.reportedDestinationPort); // identifier, sequence number
    Checksum sum = ipv6 ? pseudoHeader(ends, protocol, length) : Checksum();
    sum.add(begin, icmpHeader);
    sum.store(begin + 2);
    return out.at();
}

// A port that nobody listens at. Of what it reports there is as much as the packet's length has room for.
std::uint8_t* writeIcmp(Bytes out, const Packet& packet, const Ends& ends, unsigned identification)
{
    constexpr unsigned unreachable = 3, port = 3, unreachable6 = 1, port6 = 4;
    const bool ipv6 = ends.source.ipv6;
    const unsigned protocol = ipv6 ? icmp6 : unsigned{icmp};
    const unsigned length = packet.length - ethernetHeader - (ipv6 ? ipv6Header : ipv4Header);
    const unsigned reported = length - icmpHeader;
    out = ipHeader(out, ends, protocol, length, identification);
    std::uint8_t* const begin = out.at();
    if (ipv6)
        out.u8(unreachable6).u8(port6).u16(0).u32(0);
    else
        out.u8(unreachable).u8(port).u16(0).u32(0);
    const Ends back{ends.destination, ends.source};
    const unsigned payload = std::max<unsigned>(reported - (ipv6 ? 0 : ipv4Header), udpHeader);
    Bytes inner = ipHeader(out, back, udp, payload, identification);
    inner = udpHeaderOf(inner, packet.reportedSourcePort, packet.reportedDestinationPort, back, payload);
    const std::size_t written =
        std::min<std::size_t>(static_cast<std::size_t>(inner.at() - out.at()), reported);
    Checksum sum = ipv6 ? pseudoHeader(ends, protocol, length) : Checksum();
    sum.add(begin, icmpHeader + written);
    sum.store(begin + 2);
    return out.at() + written;
}

// Not the low bits: what happens at regular intervals must not look alike.
unsigned identificationAt(std::uint64_t seen)
{
    return static_cast<unsigned>(seen * 0x9E3779B97F4A7C15U >> 48);
}

} // namespace

std::uint8_t* writeFrame(const Packet& packet, const HostPool& hosts, std::uint8_t* at)
{
    constexpr unsigned locallyAdministered = 0x0200, typeIpv4 = 0x0800, typeIpv6 = 0x86DD;
    const Ends ends = endsOf(packet, hosts);
    const bool ipv6 = ends.source.ipv6;
    const std::uint64_t seen = packet.time - packet.copiedAfter;
    const unsigned identification = identificationAt(seen);
    Bytes out(at);
    out.u16(locallyAdministered).u32(packet.destination).u16(locallyAdministered).u32(packet.source);
    out.u16(ipv6 ? typeIpv6 : typeIpv4);
    if (packet.protocol == tcp)
        return writeTcp(out, packet, ends, identification, seen);
    if (packet.protocol == icmp)
        return packet.echo != 0 ? writeEcho(out, packet, ends, identification)
                                : writeIcmp(out, packet, ends, identification);
    const unsigned length = packet.length - ethernetHeader - (ipv6 ? ipv6Header : ipv4Header);
    out = ipHeader(out, ends, udp, length, identification);
    return udpHeaderOf(out, packet.sourcePort, packet.destinationPort, ends, length).at();
}

} // namespace packetloom::generator
