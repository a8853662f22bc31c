// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace packetloom::test {

// Packets and capture files byte by byte, for tests. Everything is a string of bytes, so that layers are put
// together with +.

std::string be16(unsigned number);
std::string be32(std::uint32_t number);
std::string le16(unsigned number);
std::string le32(std::uint32_t number);
/// "0a 0d", blanks do not matter.
std::string hex(std::string_view digits);
std::string zeros(std::size_t count);

/// What varies in the headers of IP; checksums are 0.
struct Ip
{
    std::string source = "10.0.0.1", destination = "10.0.0.2";
    unsigned protocol = 6;
    std::string options{}; ///< of IPv4, a multiple of four bytes; of IPv6 extension headers
    unsigned fragment = 0; ///< the flags and offset of IPv4
    unsigned identification = 0;
    unsigned timeToLive = 64;
    int length = -1; ///< in the header; -1: the true one
};
std::string ipv4(const Ip& ip, const std::string& payload);
/// `protocol` is that of the payload or of the first extension header in `options`.
std::string ipv6(const Ip& ip, const std::string& payload);
std::string ipv6(const std::string& payload, unsigned protocol = 6);

struct Tcp
{
    unsigned sourcePort = 40000, destinationPort = 80;
    std::uint32_t sequence = 1000, acknowledgment = 2000;
    unsigned flags = 0x18;
    unsigned window = 512;
    unsigned headerWords = 5;
};
std::string tcp(const Tcp& tcp = {}, const std::string& payload = {});
std::string udp(unsigned sourcePort, unsigned destinationPort, const std::string& payload = {});
/// TCP over IPv4 from 10.0.0.1:40000 to 10.0.0.2:80.
std::string tcpPacket();

std::string ethernet(unsigned type, const std::string& payload);
/// LLC with SNAP and this EtherType.
std::string snap(unsigned type, const std::string& payload);

enum class Endian : std::uint8_t { Little, Big };

/// A pcap file.
class PcapFile
{
public:
    enum class Fraction : std::uint8_t { Micro, Nano };

    explicit PcapFile(std::uint32_t linkType = 1, Endian endian = Endian::Little,
                      Fraction fraction = Fraction::Micro, std::uint32_t snapLength = 262144);
    /// `wireBytes`: 0 stands for as many as there are.
    PcapFile& add(std::uint32_t seconds, std::uint32_t fraction, const std::string& frame,
                  std::uint32_t wireBytes = 0);
    PcapFile& addRaw(const std::string& bytes);
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    Endian endian_;
    std::string bytes_;
};

/// A pcapng file. The first section is there from the start.
class PcapngFile
{
public:
    explicit PcapngFile(Endian endian = Endian::Little);

    PcapngFile& section(Endian endian);
    /// `options` as option() makes them.
    PcapngFile& interface(unsigned linkType, std::uint32_t snapLength = 0, const std::string& options = {});
    PcapngFile& enhanced(std::uint32_t interface, std::uint64_t time, const std::string& frame,
                         std::uint32_t wireBytes = 0);
    PcapngFile& simple(const std::string& frame, std::uint32_t wireBytes);
    PcapngFile& obsolete(unsigned interface, std::uint64_t time, const std::string& frame);
    PcapngFile& block(std::uint32_t type, const std::string& body);
    PcapngFile& addRaw(const std::string& bytes);

    [[nodiscard]] std::string option(unsigned code, const std::string& value) const;
    [[nodiscard]] std::string u16(unsigned number) const;
    [[nodiscard]] std::string u32(std::uint32_t number) const;
    [[nodiscard]] std::string u64(std::uint64_t number) const;
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    Endian endian_ = Endian::Little;
    std::string bytes_;
};

} // namespace packetloom::test
