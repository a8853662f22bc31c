// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"

#include <cstdint>
#include <span>

namespace packetloom {

/// How regular the packets of one input are, in the order in which they stand there: whether time runs
/// backward or leaps, and whether packets are there twice. What two parts of an input have
/// is joined by append().
class PacketOrder
{
public:
    /// What follows in the input.
    void add(std::span<const Packet> packets);
    /// `next` is what follows in the input.
    void append(const PacketOrder& next);

    /// All that is known, for what is written down and read again.
    struct Parts
    {
        std::uint64_t packets = 0, outOfOrder = 0, largestStepBack = 0, largestGap = 0, repeated = 0;
        std::int64_t gapStart = 0, earliest = 0, latest = 0;
        Packet first, last;
    };
    [[nodiscard]] Parts parts() const;
    static PacketOrder of(const Parts& parts);

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    /// Packets whose timestamp is before that of the packet in front of them.
    [[nodiscard]] std::uint64_t outOfOrder() const { return outOfOrder_; }
    /// By how much a packet is before the latest one that stands in front of it, at most: microseconds.
    [[nodiscard]] std::uint64_t largestStepBack() const { return largestStepBack_; }
    /// The most time from a packet to the one that stands behind it: microseconds. It begins at gapStart(),
    /// microseconds since the epoch. Where packets are out of order, others may lie in between.
    [[nodiscard]] std::uint64_t largestGap() const { return largestGap_; }
    [[nodiscard]] std::int64_t gapStart() const { return gapStart_; }
    /// Packets that say the same as the packet in front of them, time and all.
    [[nodiscard]] std::uint64_t repeated() const { return repeated_; }
    /// Microseconds since the epoch; 0 without packets.
    [[nodiscard]] std::int64_t earliest() const { return earliest_; }
    [[nodiscard]] std::int64_t latest() const { return latest_; }

private:
    void step(const Packet& before, const Packet& after);
    void note(std::int64_t timestamp);

    std::uint64_t packets_ = 0, outOfOrder_ = 0, largestStepBack_ = 0, largestGap_ = 0, repeated_ = 0;
    std::int64_t gapStart_ = 0, earliest_ = 0, latest_ = 0;
    Packet first_, last_; ///< where there are packets
};

} // namespace packetloom
