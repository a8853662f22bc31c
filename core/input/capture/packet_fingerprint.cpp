// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/packet_fingerprint.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace packetloom {
namespace {

constexpr std::size_t ipv4Header = 20, ipv6Header = 40, behindHeader = 20,
                      mostBytes = ipv6Header + behindHeader;
using Eight = std::array<std::uint8_t, 8>;

std::uint64_t load(const std::uint8_t* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

} // namespace

std::array<std::uint64_t, 8> PacketFingerprint::randomKeys()
{
    const HashKey random;
    std::array<std::uint64_t, 8> keys{};
    for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i] = random(i);
    return keys;
}

// Of 40 bytes: version, -, length, identification, fragment; -, protocol, -, source; destination and what is
// behind.
std::uint64_t PacketFingerprint::ofIpv4(const std::uint8_t* at) const
{
    constexpr auto first = std::bit_cast<std::uint64_t>(Eight{255, 0, 255, 255, 255, 255, 255, 255}),
                   second = std::bit_cast<std::uint64_t>(Eight{0, 255, 0, 0, 255, 255, 255, 255});
    return fold(load(at) & first, load(at + 8) & second, 0) + fold(load(at + 16), load(at + 24), 1) +
           fold(load(at + 32), 0, 2);
}

// Of 60 bytes: version, -, flow, length, next header, -; addresses and what is behind, the last two words
// overlapping.
std::uint64_t PacketFingerprint::ofIpv6(const std::uint8_t* at) const
{
    constexpr auto first = std::bit_cast<std::uint64_t>(Eight{0xf0, 0x0f, 255, 255, 255, 255, 255, 0});
    return fold(load(at) & first, load(at + 8), 0) + fold(load(at + 16), load(at + 24), 1) +
           fold(load(at + 32), load(at + 40), 2) + fold(load(at + 48), load(at + 52), 3);
}

// With options, which are left out, or cut: what is missing is 0.
std::uint64_t PacketFingerprint::ofPieces(Layer packet, std::size_t header, bool ipv6) const
{
    const std::size_t fixed = ipv6 ? ipv6Header : ipv4Header;
    std::array<std::uint8_t, mostBytes> whole{};
    const Layer start = packet.first(fixed), behind = packet.from(header).first(behindHeader);
    std::copy_n(start.data(), start.size(), whole.data());
    std::copy_n(behind.data(), behind.size(), whole.data() + fixed);
    return ipv6 ? ofIpv6(whole.data()) : ofIpv4(whole.data());
}

std::uint64_t PacketFingerprint::operator()(Layer packet) const
{
    constexpr std::uint8_t plainIpv4 = 0x45, version6 = 6;
    const std::uint8_t first = packet.u8(0);
    std::uint64_t hash = 0;
    if (first == plainIpv4 && packet.has(ipv4Header + behindHeader))
        hash = ofIpv4(packet.data());
    else if (first >> 4 != version6)
        hash = ofPieces(packet, (first & 0x0fu) * std::size_t{4}, false);
    else if (packet.has(mostBytes))
        hash = ofIpv6(packet.data());
    else
        hash = ofPieces(packet, ipv6Header, true);
    return hash != 0 ? hash : 1;
}

} // namespace packetloom
