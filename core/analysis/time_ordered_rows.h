// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/model/packet_extras.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

namespace packetloom {

/// Some rows in the order of time, and of rows where times are equal.
struct TimeOrderedRows
{
    std::span<const Packet> packets;
    std::span<const PacketExtras> extras; ///< one a packet
    std::span<const std::uint64_t> rows;  ///< their numbers among the kept rows, from 0

    [[nodiscard]] std::size_t size() const { return packets.size(); }
};

/// The place of a row in that order.
struct RowTime
{
    std::int64_t time = 0;
    std::uint64_t row = 0;

    friend auto operator<=>(const RowTime&, const RowTime&) = default;
};

/// A block of a spool, and between which places its rows lie.
struct TimedBlock
{
    std::size_t block = 0;
    RowTime first, last;
};

} // namespace packetloom
