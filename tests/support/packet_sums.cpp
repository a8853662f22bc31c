// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/packet_sums.h"

#include "tests/support/frame_bytes.h"

namespace packetloom::test {
namespace {

std::uint32_t sumOf(const std::string& bytes)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

struct Parts
{
    std::size_t header, addresses, addressBytes, field;
    unsigned protocol;
    bool hasSum, hasPseudo;
};

Parts partsOf(const std::string& packet)
{
    constexpr unsigned icmp = 1, tcp = 6, udp = 17, icmpv6 = 58;
    const bool six = packet[0] >> 4 == 6;
    const auto protocol = static_cast<unsigned char>(packet[six ? 6 : 9]);
    const std::size_t header = six ? 40 : static_cast<std::size_t>(packet[0] & 15) * 4;
    const bool isIcmp = protocol == (six ? icmpv6 : icmp);
    const std::size_t field = isIcmp ? 2 : protocol == tcp ? 16 : 6;
    return {header,         six ? 8u : 12u, six ? 16u : 4u,
            header + field, protocol,       isIcmp || protocol == tcp || protocol == udp,
            !isIcmp || six};
}

} // namespace

void put16(std::string& bytes, std::size_t at, std::uint32_t number)
{
    bytes.replace(at, 2, be16(number));
}

std::uint32_t pseudoSum(const std::string& packet, bool withLength)
{
    const Parts parts = partsOf(packet);
    const auto length = static_cast<unsigned>(packet.size() - parts.header);
    return sumOf(packet.substr(parts.addresses, 2 * parts.addressBytes) + be16(parts.protocol) +
                 be16(withLength ? length : 0));
}

std::string summed(std::string packet)
{
    constexpr unsigned udp = 17;
    const Parts parts = partsOf(packet);
    if (parts.hasSum && packet.size() >= parts.field + 2) {
        const std::uint32_t pseudo = parts.hasPseudo ? pseudoSum(packet, true) : 0;
        const std::uint32_t sum = sumOf(be16(pseudo) + packet.substr(parts.header));
        put16(packet, parts.field, sum == 0xffff && parts.protocol == udp ? 0xffff : ~sum & 0xffff);
    }
    if (packet[0] >> 4 == 4)
        put16(packet, 10, ~sumOf(packet.substr(0, parts.header)) & 0xffff);
    return packet;
}

} // namespace packetloom::test
