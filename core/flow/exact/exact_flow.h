// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_key.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// What became of a connection, in Zeek's words (its conn.log, field conn_state).
enum class ConnState : std::uint8_t {
    S0,     ///< a SYN without an answer
    S1,     ///< established, not closed
    SF,     ///< established and closed by both sides
    Rej,    ///< the attempt was rejected
    S2,     ///< established, the originator closed, the responder did not
    S3,     ///< established, the responder closed, the originator did not
    RstO,   ///< established, reset by the originator
    RstR,   ///< reset by the responder
    RstOS0, ///< a SYN and then a RST of the originator, no SYN+ACK
    RstRH,  ///< a SYN+ACK and then a RST of the responder, no SYN
    SH,     ///< a SYN and then a FIN of the originator, no SYN+ACK
    SHR,    ///< a SYN+ACK and then a FIN of the responder, no SYN
    Oth,    ///< no SYN, or none of these
};
inline constexpr std::size_t connStateCount = 13;
/// Zeek's word: "S0", "RSTOS0", ...
std::string_view connStateName(ConnState state);

/// How a connection's packets came to an end.
enum class EndReason : std::uint8_t {
    CaptureEnd,   ///< it was open when the capture ended
    Closed,       ///< both sides sent a FIN, and the linger passed
    Reset,        ///< a RST, and the linger passed
    Attempt,      ///< a SYN that nobody answered in time
    PartialClose, ///< one side closed, and the other was never heard
    Inactivity,
    Reused, ///< a SYN of a new connection with the same ends
};
inline constexpr std::size_t endReasonCount = 7;
/// A stable name: "capture_end", "closed", ...
std::string_view endReasonName(EndReason ending);

/// The parts of a TCP conversation that were seen; Wireshark's tcp.completeness.
enum Completeness : std::uint8_t {
    SeenSyn = 1,
    SeenSynAck = 2,
    SeenAck = 4,
    SeenData = 8,
    SeenFin = 16,
    SeenRst = 32,
};

/// What one side of a connection sent. A count that the input does not tell is none.
struct FlowSide
{
    using Count = std::uint64_t;
    using MaybeCount = std::optional<std::uint64_t>;
    Count packets = 0;
    Count wireBytes = 0; ///< of its frames
    MaybeCount ipBytes;  ///< of IP packets with their headers, as their length fields say
    /// Of TCP: bytes of its stream, from sequence numbers (and what the other side acknowledged); of UDP and
    /// ICMP: of all payloads.
    MaybeCount bytes;
    MaybeCount missedBytes; ///< of its stream that were acknowledged and not captured
    MaybeCount payload;     ///< bytes of all segments, those that were sent again included
    MaybeCount goodput;     ///< of them: those that were new
    // Of TCP, as Wireshark judges segments (docs/exact-engine.md).
    MaybeCount dataPackets;             ///< with a payload
    MaybeCount retransmissions;         ///< of all kinds
    MaybeCount fastRetransmissions;     ///< of them: after duplicate ACKs
    MaybeCount spuriousRetransmissions; ///< of them: of what was acknowledged before
    MaybeCount outOfOrder;
    MaybeCount gaps; ///< segments before which something was not captured
    MaybeCount duplicateAcks;
    MaybeCount zeroWindows;
    MaybeCount windowFull; ///< segments that filled the other side's window
    MaybeCount keepAlives;
    std::int64_t firstSequence =
        -1; ///< the ISN, or where that was not seen one before the first number; -1: none
};

/// Round-trip times of one side's segments, to the ACK that acknowledges them; not of what was sent again
/// (Karn's algorithm, RFC 6298, 3). Microseconds.
struct RoundTrips
{
    std::uint64_t samples = 0;
    std::int64_t least = 0, median = 0, most = 0; ///< the median of many: within 5 %
};

/// Which flow of the exact engine it is, and where it lies. Microseconds.
struct ExactFlowHead
{
    FlowKey key;
    std::int64_t protocol = 0; ///< IANA's number; -1 where the row has none
    bool originatorIsHigh = false;
    bool oneWay = false;    ///< messages that nobody answers: their direction is part of what they are
    std::int64_t start = 0; ///< of the first packet
    std::int64_t end = 0;   ///< of the last one that Zeek counts: not of stragglers after both sides closed
    std::int64_t lastPacket = 0;             ///< of the very last one
    std::uint64_t firstRow = 0, lastRow = 0; ///< of the first and last packet in order of time

    [[nodiscard]] const Endpoint& originatorEnd() const { return originatorIsHigh ? key.high : key.low; }
    [[nodiscard]] const Endpoint& responderEnd() const { return originatorIsHigh ? key.low : key.high; }
    [[nodiscard]] std::int64_t duration() const { return end - start; }
};

/// A flow as the exact engine tells it: from the first to the last of its packets in the capture's time.
/// Microseconds. Originator and responder are Zeek's words: where the first packet was missed, a guess.
struct ExactFlow : ExactFlowHead
{
    static constexpr std::size_t originator = 0, responder = 1; ///< indexes

    ConnState state = ConnState::Oth;
    EndReason ending = EndReason::CaptureEnd;
    std::uint8_t completeness = 0; ///< bits of Completeness
    std::string_view history;      ///< Zeek's letters; valid as long as the giver says
    std::uint64_t wireBytes = 0;   ///< of all frames, those of both sides and what was not believed
    std::array<FlowSide, 2> sides;
    std::array<RoundTrips, 2> roundTrips;                 ///< by whose segments
    std::optional<std::int64_t> synToSynAck, synAckToAck; ///< the two halves of the handshake's round trip
    std::optional<std::int64_t> firstResponse; ///< from the originator's first data to the responder's
    std::int64_t longestSilence = 0;           ///< between two packets
    bool estimated = false;                    ///< payloads were estimated from frame lengths

    /// Only one side was heard.
    [[nodiscard]] bool oneSided() const { return sides[0].packets == 0 || sides[1].packets == 0; }
};

} // namespace packetloom
