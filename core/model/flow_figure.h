// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace packetloom {

/// What the exact engine tells of a flow beyond what every flow has. Of those without a side it is that of
/// both sides together.
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
    Payload,
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
    KeepAlives,
};
inline constexpr std::size_t flowFigureCount = 35;

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
};

/// All of them, in their order.
std::span<const FlowFigureFacts> flowFigures();
inline const FlowFigureFacts& factsOf(FlowFigure figure)
{
    return flowFigures()[static_cast<std::size_t>(figure)];
}

} // namespace packetloom
