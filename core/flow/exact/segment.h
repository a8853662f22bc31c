// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/model/packet_extras.h"

#include <cstdint>
#include <optional>

namespace packetloom {

/// What a segment of TCP turned out to be (docs/exact-engine.md): bits.
using SegmentMarks = std::uint16_t;
enum SegmentMark : SegmentMarks {
    Retransmission = 1, ///< of any kind
    FastRetransmission = 2,
    SpuriousRetransmission = 4,
    OutOfOrder = 8,
    GapBefore = 16,   ///< something before it was not captured
    AckOfUnseen = 32, ///< it acknowledges what was not captured
    DuplicateAck = 64,
    ZeroWindow = 128,
    WindowFull = 256,
    KeepAlive = 512,
    KeepAliveAck = 1024,
    WindowUpdate = 2048,
    ZeroWindowProbe = 4096,
    Ignored = 8192, ///< damaged: it says nothing (a bad checksum, no header)
};

/// What was found out about one packet of a connection.
struct SegmentVerdict
{
    SegmentMarks marks = 0;
    bool fromOriginator = true;
    std::int64_t relativeSequence = 0, relativeAcknowledgment = 0; ///< to the ISNs, which are 0; of TCP
    std::int64_t payload = PacketExtras::unknown;                  ///< maybe estimated
    std::int64_t window = PacketExtras::unknown;                   ///< scaled, where the scale is known
    std::int64_t inFlight = 0; ///< bytes that its sender has sent and that are not acknowledged, with it
    std::optional<std::int64_t> roundTrip; ///< the sample that this ACK gives, microseconds
};

} // namespace packetloom
