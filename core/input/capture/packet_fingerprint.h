// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/layer.h"
#include "core/support/hash_mix.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace packetloom {

/// What tells an IP packet from others wherever it was captured: a hash of its header, without what changes
/// on the way (time to live, checksum, class of service), and of the first 20 bytes behind it, which have the
/// checksum of TCP, UDP or ICMP over the rest. Each has random keys, so that nobody can make packets collide.
class PacketFingerprint
{
public:
    /// Never 0. `packet` begins with an IP header of version 4 or 6; bytes that were not captured are 0.
    [[nodiscard]] std::uint64_t operator()(Layer packet) const;

private:
    [[nodiscard]] std::uint64_t ofIpv4(const std::uint8_t* at) const;
    [[nodiscard]] std::uint64_t ofIpv6(const std::uint8_t* at) const;
    [[nodiscard]] std::uint64_t ofPieces(Layer packet, std::size_t header, bool ipv6) const;
    [[nodiscard]] std::uint64_t fold(std::uint64_t a, std::uint64_t b, std::size_t pair) const
    {
        return HashKey::fold(a ^ keys_[2 * pair], b ^ keys_[2 * pair + 1]);
    }

    // A sum of products of words with keys of their own (multilinear hashing): no product waits for another.
    std::array<std::uint64_t, 8> keys_ = randomKeys();
    static std::array<std::uint64_t, 8> randomKeys();
};

} // namespace packetloom
