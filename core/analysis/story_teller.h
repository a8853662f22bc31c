// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"
#include "core/flow/exact/stream_coverage.h"

#include <array>
#include <cstdint>

namespace packetloom {

/// What acknowledges a SYN or FIN with this number (RFC 9293, 3.4); numbers that are none of TCP's, which a
/// table of packets may hold, go on.
constexpr std::int64_t acknowledging(std::int64_t sequence)
{
    constexpr std::int64_t last = 0xffff'ffff;
    return sequence == last ? 0 : sequence + (sequence < INT64_MAX ? 1 : 0);
}

/// Tells the story of a TCP flow from all of its packets in the order of time. Holds little however many
/// there are. Who the originator is may turn out late: in the packets the low end of the key stands for it.
class StoryTeller
{
public:
    void add(const TracedPacket& packet);
    /// `flow` is what became of them; now facts have their sides by that. `deciding`: the packet that made
    /// the reference call it invalid, where there is one. `captureEnd`: of the last packet of the capture.
    [[nodiscard]] FlowStory finish(const ExactFlow& flow, const FlowLife& life,
                                   const std::optional<TracedPacket>& deciding, std::int64_t captureEnd) &&;

private:
    /// Where something was first seen, and how often it was.
    struct Seen
    {
        std::uint64_t count = 0, row = 0;
        std::int64_t time = 0, last = 0;
        std::int64_t since = 0; ///< the packet before it

        void add(const TracedPacket& packet, std::int64_t before);
        explicit operator bool() const { return count > 0; }
    };
    struct Opening : Seen
    {
        std::int64_t sequence = 0, acknowledgment = 0;
        std::vector<std::int64_t> steps;
    };
    struct Side
    {
        std::uint64_t packets = 0;
        Opening syn, synAck;
        Seen data, outOfOrder, gap, duplicateAck, windowFull, keepAlive, fin, rst, afterClose, anew;
        std::int64_t anewSequence = 0;
        std::uint64_t bytesAfterClose = 0;
        std::int64_t finEnd = 0; ///< relative: what acknowledges its FIN
        bool finAcknowledged = false;
        bool acknowledges = false; ///< it sent an ACK, so that it has heard of the other side
        /// Of its stream what was in captured packets, whole or cut short; and what was in none of them when
        /// it was acknowledged: `missing` counts the holes, at the ACK.
        StreamCoverage coverage;
        Seen missing;
        std::uint64_t missingBytes = 0;
        bool windowIsClosed = false;
        std::vector<StoryFact> closedWindows; ///< the last one is open where windowIsClosed
        std::uint64_t moreClosed = 0;
        std::int64_t moreClosedSpan = 0, moreClosedSince = 0;
    };

    void open(const TracedPacket& packet, std::size_t side);
    void transfer(const TracedPacket& packet, std::size_t side);
    void cover(const TracedPacket& packet, std::size_t side);
    void window(const TracedPacket& packet, std::size_t side);
    void close(const TracedPacket& packet, std::size_t side);

    void tellOpening(std::size_t side, const std::optional<TracedPacket>& deciding, const FlowLife& life,
                     std::int64_t captureEnd);
    void tellTransfer(std::size_t side, const FlowSide& counted);
    void tellMissed(std::size_t side, const FlowSide& counted);
    void tellClosing(std::size_t side, const std::optional<TracedPacket>& deciding, const FlowLife& life);
    void tellWhole(const ExactFlow& flow, const FlowLife& life, std::int64_t captureEnd);
    /// The SYN+ACK of this side does not acknowledge the other's SYN.
    [[nodiscard]] bool answeredWrongly(std::size_t side) const;
    StoryFact& tell(StoryKind kind, std::size_t side, const Seen& seen);

    std::array<Side, 2> sides_; ///< of the low and the high end
    std::optional<TracedPacket> first_;
    std::int64_t last_ = 0; ///< time of the packet before
    Seen established_;
    std::size_t acknowledger_ = 0; ///< side of that
    std::int64_t referenceSyn_ = 0, referenceSynAck_ = 0;
    Seen silence_;
    std::size_t silenceSide_ = 0;
    Seen damaged_, stragglers_;
    std::size_t damagedSide_ = 0, stragglersSide_ = 0;
    FlowStory story_;
};

} // namespace packetloom
