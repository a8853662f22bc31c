// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/segment.h"
#include "core/model/packet.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace packetloom {

/// What is acknowledged of a side of which nothing was captured so far. The exact engine starts anew with
/// each such ACK, as Zeek does, so its relative number is always 1; here the first one is 1 and those after
/// it go on from there, until the side is heard and has a first sequence number.
class UnheardSides
{
public:
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    /// The next packet of a TCP connection, which side 0 or 1 sent, as the engine judged it; its relative
    /// acknowledgment is set where the other side was not heard. Where the sender is heard for the first time
    /// after it was acknowledged, says what is to be added to those numbers to be relative to its first one.
    std::optional<std::int64_t> take(const Packet& packet, std::uint64_t index, std::size_t side,
                                     SegmentVerdict& verdict);
    /// Index of the first packet of a side, never when there is none.
    [[nodiscard]] std::uint64_t heardAt(std::size_t side) const { return sides_[side].heardAt; }
    /// What take() said of a side, else 0.
    [[nodiscard]] std::int64_t shift(std::size_t side) const { return sides_[side].shift; }

private:
    struct Side
    {
        std::uint64_t heardAt = never;
        bool acknowledged = false;
        std::uint32_t base = 0;    ///< the number before the first one that was acknowledged
        std::uint32_t highest = 0; ///< that was acknowledged
        std::int64_t relative = 0; ///< of that
        std::int64_t shift = 0;
    };
    std::array<Side, 2> sides_;
};

} // namespace packetloom
