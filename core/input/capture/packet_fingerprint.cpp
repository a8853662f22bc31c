// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/packet_fingerprint.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace packetloom {
namespace {

constexpr std::size_t ipv4Header = 20, ipv6Header = 40, behindHeader = 24,
                      mostBytes = ipv6Header + behindHeader;

} // namespace

std::uint64_t packetFingerprint(const HashKey& key, Layer packet)
{
    constexpr std::size_t classOfService = 1, timeToLive = 8, checksum = 10, hopLimit = 7;
    std::array<char, mostBytes> bytes; // NOLINT(cppcoreguidelines-pro-type-member-init): as far as it is used
    const bool ipv6 = packet.u8(0) >> 4 == 6;
    const std::size_t header = ipv6 ? ipv6Header : (packet.u8(0) & 0x0fu) * std::size_t{4};
    const std::size_t fixed = ipv6 ? ipv6Header : ipv4Header, size = fixed + behindHeader;
    if (header == fixed && packet.has(size)) [[likely]] {
        std::memcpy(bytes.data(), packet.data(), size);
    } else {
        bytes.fill(0);
        const Layer start = packet.first(fixed), behind = packet.from(header).first(behindHeader);
        std::copy_n(start.data(), start.size(), bytes.data());
        std::copy_n(behind.data(), behind.size(), bytes.data() + fixed);
    }
    if (ipv6) {
        bytes[classOfService] = static_cast<char>(bytes[classOfService] & 0x0f);
        bytes[0] = static_cast<char>(bytes[0] & 0xf0);
        bytes[hopLimit] = 0;
    } else {
        bytes[classOfService] = bytes[timeToLive] = bytes[checksum] = bytes[checksum + 1] = 0;
    }
    const std::uint64_t hash = key(std::string_view(bytes.data(), size));
    return hash != 0 ? hash : 1;
}

} // namespace packetloom
