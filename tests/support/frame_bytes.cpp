// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/frame_bytes.h"

#include "core/filter/ip_network.h"

#include <stdexcept>

namespace packetloom::test {
namespace {

char byte(std::uint64_t number)
{
    return static_cast<char>(static_cast<unsigned char>(number & 0xff));
}

std::string big(std::uint64_t number, int bytes)
{
    std::string text;
    for (int i = bytes - 1; i >= 0; --i)
        text += byte(number >> (8 * i));
    return text;
}

std::string little(std::uint64_t number, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += byte(number >> (8 * i));
    return text;
}

std::string address(const std::string& text, std::size_t bytes)
{
    const auto parsed = IpAddress::parse(text);
    if (!parsed || parsed->length != bytes)
        throw std::invalid_argument("no such address: " + text);
    return {reinterpret_cast<const char*>(parsed->bytes.data()), bytes};
}

std::string number(std::uint64_t value, int bytes, Endian endian)
{
    return endian == Endian::Big ? big(value, bytes) : little(value, bytes);
}

} // namespace

std::string be16(unsigned number)
{
    return big(number, 2);
}

std::string be32(std::uint32_t number)
{
    return big(number, 4);
}

std::string le16(unsigned number)
{
    return little(number, 2);
}

std::string le32(std::uint32_t number)
{
    return little(number, 4);
}

std::string hex(std::string_view digits)
{
    std::string bytes;
    int high = -1;
    for (const char c : digits) {
        if (c == ' ')
            continue;
        const int value = c >= 'a' ? c - 'a' + 10 : c - '0';
        if (high < 0) {
            high = value;
        } else {
            bytes += byte(static_cast<std::uint64_t>(high * 16 + value));
            high = -1;
        }
    }
    return bytes;
}

std::string zeros(std::size_t count)
{
    return std::string(count, '\0');
}

std::string ipv4(const Ip& ip, const std::string& payload)
{
    const std::size_t header = 20 + ip.options.size();
    const auto length =
        ip.length >= 0 ? static_cast<unsigned>(ip.length) : static_cast<unsigned>(header + payload.size());
    return byte(0x40 | header / 4) + zeros(1) + be16(length) + be16(ip.identification) + be16(ip.fragment) +
           byte(ip.timeToLive) + byte(ip.protocol) + zeros(2) + address(ip.source, 4) +
           address(ip.destination, 4) + ip.options + payload;
}

std::string ipv6(const Ip& ip, const std::string& payload)
{
    const std::string content = ip.options + payload;
    const auto length =
        ip.length >= 0 ? static_cast<unsigned>(ip.length) : static_cast<unsigned>(content.size());
    return hex("60 00 00 00") + be16(length) + byte(ip.protocol) + byte(ip.timeToLive) +
           address(ip.source, 16) + address(ip.destination, 16) + content;
}

std::string ipv6(const std::string& payload, unsigned protocol)
{
    return ipv6({.source = "2001:db8::1", .destination = "2001:db8::2", .protocol = protocol, .options = {}},
                payload);
}

std::string tcp(const Tcp& tcp, const std::string& payload)
{
    const std::size_t options = tcp.headerWords > 5 ? (tcp.headerWords - 5) * 4 : 0;
    return be16(tcp.sourcePort) + be16(tcp.destinationPort) + be32(tcp.sequence) + be32(tcp.acknowledgment) +
           be16(tcp.headerWords << 12 | tcp.flags) + be16(tcp.window) + zeros(4) +
           std::string(options, '\1') + payload;
}

std::string udp(unsigned sourcePort, unsigned destinationPort, const std::string& payload)
{
    return be16(sourcePort) + be16(destinationPort) + be16(static_cast<unsigned>(8 + payload.size())) +
           zeros(2) + payload;
}

std::string tcpPacket()
{
    return ipv4({.options = {}}, tcp());
}

std::string ethernet(unsigned type, const std::string& payload)
{
    return hex("02 00 00 00 00 02 02 00 00 00 00 01") + be16(type) + payload;
}

std::string snap(unsigned type, const std::string& payload)
{
    return hex("aa aa 03 00 00 00") + be16(type) + payload;
}

PcapFile::PcapFile(std::uint32_t linkType, Endian endian, Fraction fraction, std::uint32_t snapLength)
    : endian_(endian)
{
    bytes_ = number(fraction == Fraction::Nano ? 0xa1b23c4d : 0xa1b2c3d4, 4, endian) + number(2, 2, endian) +
             number(4, 2, endian) + zeros(8) + number(snapLength, 4, endian) + number(linkType, 4, endian);
}

PcapFile& PcapFile::add(std::uint32_t seconds, std::uint32_t fraction, const std::string& frame,
                        std::uint32_t wireBytes)
{
    bytes_ += number(seconds, 4, endian_) + number(fraction, 4, endian_) + number(frame.size(), 4, endian_) +
              number(wireBytes ? wireBytes : frame.size(), 4, endian_) + frame;
    return *this;
}

PcapFile& PcapFile::addRaw(const std::string& bytes)
{
    bytes_ += bytes;
    return *this;
}

PcapngFile::PcapngFile(Endian endian)
{
    section(endian);
}

PcapngFile& PcapngFile::section(Endian endian)
{
    endian_ = endian;
    return block(0x0a0d0d0a, u32(0x1a2b3c4d) + u16(1) + u16(0) + u64(~std::uint64_t{0}));
}

PcapngFile& PcapngFile::interface(unsigned linkType, std::uint32_t snapLength, const std::string& options)
{
    return block(1,
                 u16(linkType) + u16(0) + u32(snapLength) + options + (options.empty() ? options : u32(0)));
}

PcapngFile& PcapngFile::enhanced(std::uint32_t interface, std::uint64_t time, const std::string& frame,
                                 std::uint32_t wireBytes)
{
    const auto captured = static_cast<std::uint32_t>(frame.size());
    return block(6, u32(interface) + u32(static_cast<std::uint32_t>(time >> 32)) +
                        u32(static_cast<std::uint32_t>(time)) + u32(captured) +
                        u32(wireBytes ? wireBytes : captured) + frame);
}

PcapngFile& PcapngFile::simple(const std::string& frame, std::uint32_t wireBytes)
{
    return block(3, u32(wireBytes) + frame);
}

PcapngFile& PcapngFile::obsolete(unsigned interface, std::uint64_t time, const std::string& frame)
{
    const auto captured = static_cast<std::uint32_t>(frame.size());
    return block(2, u16(interface) + u16(0) + u32(static_cast<std::uint32_t>(time >> 32)) +
                        u32(static_cast<std::uint32_t>(time)) + u32(captured) + u32(captured) + frame);
}

PcapngFile& PcapngFile::block(std::uint32_t type, const std::string& body)
{
    const std::string padded = body + zeros((4 - body.size() % 4) % 4);
    const auto length = static_cast<std::uint32_t>(padded.size() + 12);
    bytes_ += u32(type) + u32(length) + padded + u32(length);
    return *this;
}

PcapngFile& PcapngFile::addRaw(const std::string& bytes)
{
    bytes_ += bytes;
    return *this;
}

std::string PcapngFile::option(unsigned code, const std::string& value) const
{
    return u16(code) + u16(static_cast<unsigned>(value.size())) + value + zeros((4 - value.size() % 4) % 4);
}

std::string PcapngFile::u16(unsigned value) const
{
    return number(value, 2, endian_);
}

std::string PcapngFile::u32(std::uint32_t value) const
{
    return number(value, 4, endian_);
}

std::string PcapngFile::u64(std::uint64_t value) const
{
    return number(value, 8, endian_);
}

} // namespace packetloom::test
