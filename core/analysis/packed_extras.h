// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/model/packet_extras.h"
#include "core/support/hash_mix.h"
#include "core/support/packed_column.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace packetloom {

// The extras of a block of packets. Packets have few shapes: how much longer the frame is than the IP packet,
// and that than its payload, and whatever else is known but the window. A block lists its shapes, and of each
// packet which one it has: mostly a byte, none where all are alike. The window is a column of its own.

/// What so many packets take at most, with what is touched behind them.
constexpr std::size_t longestPackedExtras(std::size_t packets)
{
    constexpr std::size_t columns = 5, countBytes = 4;
    return 1 + countBytes + columns * (packedColumnHead + 8 * packets) + packedColumnSlack;
}

/// Writes them.
class ExtrasPacker
{
public:
    /// Of the packets, of which there is one at least and not more than 65,535; `extras` may be empty: then
    /// nothing is known. Returns the end.
    std::uint8_t* pack(std::uint8_t* at, std::span<const Packet> packets,
                       std::span<const PacketExtras> extras);

    /// What many packets have in common.
    struct Shape
    {
        std::uint64_t link = 0;    ///< bytes of the frame around the IP packet, modulo 2^64
        std::uint64_t headers = 0; ///< bytes of the IP packet, else of the frame, around the payload
        std::uint64_t rest = 0;    ///< numbers that few packets have, and what is known

        friend bool operator==(const Shape&, const Shape&) = default;
    };

private:
    std::uint16_t numberOf(const Shape& shape);

    HashKey key_;
    std::vector<Shape> shapes_;        ///< of the block, by the order in which they appear
    std::vector<std::uint16_t> slots_; ///< open addressing; number + 1, 0 is free
    std::vector<std::uint16_t> numbers_;
    std::uint16_t last_ = 0; ///< number of the last packet's shape
};

/// Reads those of packets whose lengths are known. False for bytes that pack() did not write. Behind them lie
/// packedColumnSlack readable ones.
bool unpackExtras(std::span<const std::uint8_t> bytes, std::span<const Packet> packets,
                  std::vector<PacketExtras>& extras);

} // namespace packetloom
