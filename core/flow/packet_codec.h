// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace packetloom {

/// What a packet of a flow is predicted from: the one before it. In TCP the sequence number of one side is
/// what the other side last acknowledged, so few bytes are left of most packets (about 12 of 48).
struct PacketPrediction
{
    std::int64_t timestamp = 0;
    std::int64_t sequence = 0;
    std::int64_t acknowledgment = 0;
    bool fromHigh = false;
};

/// No packet takes more.
inline constexpr std::size_t longestEncodedPacket = 2 + 5 * sizeof(std::uint64_t);
/// Numbers are read and written eight bytes at a time, whatever they take: so much is touched behind the end.
inline constexpr std::size_t codecSlack = sizeof(std::uint64_t);
using EncodedPacket = std::array<std::uint8_t, longestEncodedPacket + codecSlack>;

/// Writes `packet` to `out`, where there is room for an EncodedPacket, and moves `prediction` on. The number
/// of bytes used.
std::size_t encodePacket(const FlowPacket& packet, PacketPrediction& prediction, std::uint8_t* out);

/// The inverse: takes one packet off the front of `bytes`, which must come from encodePacket() and have
/// codecSlack bytes behind its end.
FlowPacket decodePacket(std::span<const std::uint8_t>& bytes, PacketPrediction& prediction);

/// Counts the packets of a stream that comes in pieces, by their lengths alone: of one that may come from
/// anywhere it tells whether decodePacket() stays within.
class EncodedPacketCount
{
public:
    void add(std::span<const std::uint8_t> bytes);
    /// None where the last one is not whole.
    [[nodiscard]] std::optional<std::uint64_t> packets() const;

private:
    std::uint64_t packets_ = 0;
    std::size_t missing_ = 0;          ///< bytes of the last packet that are to come
    std::optional<std::uint8_t> head_; ///< of the next one, where its codes are to come
};

} // namespace packetloom
