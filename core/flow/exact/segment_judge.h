// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/round_trip_digest.h"
#include "core/flow/exact/segment.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// Says of each segment of a TCP connection whether it was sent again, came out of order, and the like, by
/// Wireshark's rules (docs/exact-engine.md), and takes round-trip times. Needs known payloads. Memory is
/// bounded.
class SegmentJudge
{
public:
    struct Input
    {
        std::int64_t timestamp = 0;
        std::uint32_t sequence = 0, acknowledgment = 0;
        std::uint32_t payload = 0;
        std::int32_t window = PacketExtras::unknown; ///< as it stands there
        std::int16_t windowScale = PacketExtras::unknown;
        TcpFlags flags;
    };
    /// Pieces of a stream that were not captured; of more the first ones are forgotten.
    static constexpr std::size_t mostHoles = 64;
    /// Segments whose acknowledgment is waited for; of more no round-trip time is taken.
    static constexpr std::size_t mostWaiting = 256;

    /// Begins anew with another connection; memory is kept.
    void clear();
    /// The next segment, of a side (0 or 1, whichever they are). Sets marks, window, inFlight and roundTrip.
    void judge(const Input& segment, std::size_t side, SegmentVerdict& verdict);

    [[nodiscard]] RoundTrips roundTrips(std::size_t side) const { return sides_[side].digest.figures(); }
    /// From the last SYN of either side to the first ACK without one; 0 where that was not seen.
    [[nodiscard]] std::int64_t handshake() const { return handshake_; }
    /// Payload that no segment before had.
    [[nodiscard]] std::uint64_t newBytes(std::size_t side) const { return sides_[side].newBytes; }

private:
    struct Waiting
    {
        std::uint32_t behind;
        std::int64_t time;
    };
    struct Piece
    {
        std::uint32_t begin, end;
    };
    static constexpr std::int16_t notOffered = -2;
    struct Side
    {
        bool spoke = false;         ///< next, and what depends on it, are known
        bool acknowledged = false;  ///< lastAck is known
        std::uint32_t next = 0;     ///< behind the highest number that it sent
        std::uint32_t unbroken = 0; ///< behind the last one before the first hole
        std::int64_t nextTime = 0;  ///< when next was reached
        std::uint32_t lastAck = 0;  ///< that it sent
        std::int64_t lastAckTime = 0;
        std::int32_t window = PacketExtras::unknown;
        std::int16_t scale = PacketExtras::unknown; ///< or notOffered
        bool windowOfSyn = false;                   ///< it stands in a SYN, where it is never scaled
        std::uint32_t duplicateAcks = 0;
        SegmentMarks lastMarks = 0;
        std::uint64_t newBytes = 0;
        std::vector<Piece> holes; ///< before `next`, that nobody filled yet
        std::vector<Waiting> waiting;
        RoundTripDigest digest;

        void clear();
    };

    SegmentMarks onWindowsAndAcks(const Input& segment, const Side& own, const Side& peer) const;
    SegmentMarks onOldNumbers(const Input& segment, const Side& own, const Side& peer) const;
    static std::uint32_t freshBytes(const Input& segment, Side& own);
    static void keepWaiting(const Input& segment, Side& own, bool again);
    static std::optional<std::int64_t> takeRoundTrip(const Input& segment, Side& peer);
    void noteHandshake(const Input& segment);
    [[nodiscard]] bool scales() const { return sides_[0].scale >= 0 && sides_[1].scale >= 0; }
    [[nodiscard]] bool scaleKnown() const;
    [[nodiscard]] std::int64_t scaledWindow(const Side& side) const;

    std::array<Side, 2> sides_;
    std::optional<std::int64_t> synTime_; ///< of the last SYN of either side
    std::int64_t handshake_ = 0;
};

} // namespace packetloom
