// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/model/flow_life.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// What happened to a flow, as facts. Which members of a StoryFact count is said of each; `time` (and `row`,
/// where one packet is meant) counts for all, `side` for all that somebody did.
enum class StoryKind : std::uint8_t {
    // The beginning.
    BeganBefore, ///< no SYN: the connection is older than the capture, or its beginning is not in it
    AnswerFirst, ///< a SYN+ACK without its SYN; actual: its sequence number
    OneSided,    ///< nothing was captured of the other side; count: packets of this one
    Asked,       ///< a SYN; actual: its sequence number
    AskedAgain,  ///< more SYNs with that number; count: of all of them, steps: between them, until: the last
    AskedAnew,   ///< a SYN with another number than the first, where the flow goes on; actual: its, expected:
                 ///< the
                 ///< first one's
    NotAnswered, ///< no SYN+ACK; count: SYNs, steps: between them, segments: other packets of the other side,
                 ///< until: the capture's end; reason
    Answered,    ///< a SYN+ACK; actual: its sequence number, span: since the SYN before it
    AnsweredWrongly,     ///< actual: what the SYN+ACK acknowledges, expected: what the SYN asked for; reason
    NotAcknowledged,     ///< a SYN+ACK, and no ACK of it; count: SYN+ACKs, until: the capture's end; reason
    Established,         ///< the handshake's ACK; span: since the SYN, where that was seen
    AcknowledgedWrongly, ///< actual, expected: what the ACK acknowledges; actualSequence, expectedSequence;
                         ///< reason
    // In between.
    FirstResponse, ///< span: from the originator's first data to the responder's
    Sent, ///< data by this side; until: the last of it, segments: with data, bytes: of the stream, payload:
          ///< of
          ///< all segments, again, fast, unneeded: retransmissions
    OutOfOrder,    ///< count: segments that came late without being sent again
    Missed,        ///< was in no captured packet; count: holes, bytes: of them, where they were acknowledged
    DuplicateAcks, ///< count: of this side
    WindowClosed,  ///< this side offered no room; until: when it did again, count: probes of the other side
    StillClosed,   ///< the same, and it never did
    MoreClosed,    ///< count: further times, span: together
    WindowFilled,  ///< count: segments of this side that used up the room that the other one offered
    KeptAlive,     ///< count: keep-alives of this side, until: the last
    Silent,        ///< the longest silence; side: who spoke then; span: how long, until: its end
    Damaged,       ///< count: packets that say nothing (bad checksum, no whole header)
    // The end.
    Closed,           ///< the first FIN of this side; count: FINs
    HalfClosed,       ///< what this side sent after the other had closed; bytes, until: the last of it
    Refused,          ///< a RST in answer to a SYN; span: since that; reason
    ResetInHandshake, ///< a RST before the handshake was done; span: since the packet before; reason
    Reset,            ///< a RST later; count: of this side, span: since the packet before
    Stragglers,       ///< count: packets after both sides had closed and acknowledged it; until: the last
    StillOpen,        ///< neither closed nor reset; span: from the last packet to the capture's end
    State,            ///< as Zeek calls it: state
    Estimated,        ///< payloads were reckoned from frame lengths
    ReferenceSays,    ///< reason, where none of the facts above gives it
};

/// One of them. Times in microseconds since the epoch, spans in microseconds; sequence numbers as they stand
/// in the packets.
struct StoryFact
{
    StoryKind kind{};
    std::size_t side = ExactFlow::originator;
    std::int64_t time = 0;
    std::optional<std::uint64_t> row{}; ///< of the packet that it is about
    std::int64_t until = 0;
    std::optional<std::int64_t> span{};
    std::uint64_t count = 0;
    std::uint64_t segments = 0, again = 0, fast = 0, unneeded = 0;
    std::optional<std::uint64_t> bytes{}, payload{};
    std::int64_t expected = 0, actual = 0, expectedSequence = 0, actualSequence = 0;
    std::vector<std::int64_t> steps{};          ///< at most mostSteps
    InvalidReason reason = InvalidReason::None; ///< what the reference calls it, where it does so
    ConnState state = ConnState::Oth;

    static constexpr std::size_t mostSteps = 8;
};

/// In the order of time; at one time in that of the kinds.
using FlowStory = std::vector<StoryFact>;

} // namespace packetloom
