// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace packetloom {

/// Whose figure it is.
enum class FigureSide : std::uint8_t { Flow, Originator, Responder };
inline constexpr std::size_t figureSideCount = 3;

/// What the exact engine tells of a flow beyond what every flow has. Of those that are counted on each side
/// (Payload to KeepAlives) those without a side are both sides' together; then they come once more, in the
/// same order, for each side.
enum class FlowFigure : std::uint8_t {
    History,
    EndReason,
    Completeness,
    OneSided,
    Estimated,
    HandshakeTime, ///< from the SYN to the ACK of the SYN+ACK: one round trip, whole
    SynToSynAck,   ///< its half beyond where the capture was made
    SynAckToAck,   ///< its half on this side
    RttLeast,      ///< round trips of what the originator sent
    RttMedian,
    RttMost,
    ResponderRttLeast,
    ResponderRttMedian,
    ResponderRttMost,
    FirstResponse,
    LongestSilence,
    OriginatorPackets,
    ResponderPackets,
    OriginatorIpBytes,
    ResponderIpBytes,
    OriginatorBytes,
    ResponderBytes,
    Payload, ///< the first that is counted on each side
    Goodput,
    MissedBytes,
    Retransmissions,
    RetransmissionShare, ///< of the segments with payload, in thousandths
    FastRetransmissions,
    SpuriousRetransmissions,
    OutOfOrder,
    Gaps,
    DuplicateAcks,
    ZeroWindows,
    WindowFull,
    KeepAlives, ///< the last one
    OriginatorPayload,
    OriginatorGoodput,
    OriginatorMissedBytes,
    OriginatorRetransmissions,
    OriginatorRetransmissionShare,
    OriginatorFastRetransmissions,
    OriginatorSpuriousRetransmissions,
    OriginatorOutOfOrder,
    OriginatorGaps,
    OriginatorDuplicateAcks,
    OriginatorZeroWindows,
    OriginatorWindowFull,
    OriginatorKeepAlives,
    ResponderPayload,
    ResponderGoodput,
    ResponderMissedBytes,
    ResponderRetransmissions,
    ResponderRetransmissionShare,
    ResponderFastRetransmissions,
    ResponderSpuriousRetransmissions,
    ResponderOutOfOrder,
    ResponderGaps,
    ResponderDuplicateAcks,
    ResponderZeroWindows,
    ResponderWindowFull,
    ResponderKeepAlives,
};
inline constexpr std::size_t flowFigureCount = 61;
/// How many are counted on each side.
inline constexpr std::size_t sideFigureCount =
    static_cast<std::size_t>(FlowFigure::KeepAlives) - static_cast<std::size_t>(FlowFigure::Payload) + 1;
static_assert(static_cast<std::size_t>(FlowFigure::Payload) + figureSideCount * sideFigureCount ==
              flowFigureCount);

enum class FigureKind : std::uint8_t {
    Word,
    Number,
    Bytes,
    Duration, ///< microseconds
    Truth,    ///< 0 or 1
};

struct FlowFigureFacts
{
    FlowFigure figure{};
    std::string_view name; ///< stable: a field of filters, a name in files
    FigureKind kind{};
    FigureSide side{};
};

/// All of them, in their order.
std::span<const FlowFigureFacts> flowFigures();
inline const FlowFigureFacts& factsOf(FlowFigure figure)
{
    return flowFigures()[static_cast<std::size_t>(figure)];
}

} // namespace packetloom
