// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/flow/exact/exact_rules.h"
#include "core/flow/exact/flow_history.h"
#include "core/flow/exact/maybe_time.h"
#include "core/flow/exact/tcp_endpoint.h"
#include "core/model/tcp_flags.h"

#include <array>
#include <cstdint>

namespace packetloom {

/// A segment as TcpConnection reads it.
struct TcpSegment
{
    std::int64_t timestamp = 0;
    std::uint32_t sequence = 0, acknowledgment = 0;
    std::uint32_t payload = 0; ///< bytes in the stream; 0 where that is not known
    bool hasData = false;      ///< as far as one can tell
    bool captured = true;      ///< all of the payload was, so that its bytes are known
    bool zeroWindow = false;   ///< known to be one
    TcpFlags flags;

    [[nodiscard]] bool syn() const { return flags.has(TcpFlags::syn); }
    [[nodiscard]] bool fin() const { return flags.has(TcpFlags::fin); }
    [[nodiscard]] bool rst() const { return flags.has(TcpFlags::rst); }
    [[nodiscard]] bool ack() const { return flags.has(TcpFlags::ack); }
};

/// The life of one TCP connection by RFC 9293's states as Zeek reads them from outside: which side is the
/// originator, what each did, how it ended. One function a rule. Capture time only.
class TcpConnection
{
public:
    /// The beginning of a fresh one. `flip`: the sender of the first packet is taken for the responder.
    void open(std::int64_t timestamp, bool flip);

    /// Whether the segment is the first one of another connection.
    [[nodiscard]] bool isReuse(const TcpSegment& segment, bool fromOriginator) const;
    /// The next segment. `measured`: payloads are known, so that gaps can be. Whether originator and
    /// responder were exchanged by it.
    bool take(const TcpSegment& segment, bool fromOriginator, bool measured);
    /// One that is not believed.
    void badChecksum(bool fromOriginator);

    /// When it ends unless something more comes: after this time nothing that comes is its own.
    struct Deadline
    {
        std::int64_t time;
        EndReason ending;
    };
    [[nodiscard]] Deadline deadline(const ExactRules& rules) const;
    [[nodiscard]] ConnState state() const;
    /// Time of the last packet but for stragglers after both sides closed.
    [[nodiscard]] std::int64_t lastTime() const { return lastTime_; }
    [[nodiscard]] const TcpEndpoint& end(std::size_t side) const { return ends_[side]; }
    [[nodiscard]] std::uint64_t bytes(std::size_t side) const { return ends_[side].size(ends_[1 - side]); }
    [[nodiscard]] const FlowHistory& history() const { return history_; }
    /// For who notes more than this does.
    FlowHistory& history() { return history_; }
    /// Relative numbers of the segment that take() got last.
    [[nodiscard]] std::int64_t relativeSequence() const { return relativeSequence_; }
    [[nodiscard]] std::int64_t relativeAcknowledgment() const { return relativeAcknowledgment_; }

private:
    using State = TcpEndpoint::State;
    struct Step; ///< a segment on its way through the rules

    void begin(Step& step);
    void noteHistory(Step& step, std::uint64_t relative);
    void noteWindow(const Step& step);
    std::uint64_t acknowledge(Step& step);
    static void guessPeer(TcpEndpoint& peer, std::uint32_t acknowledgment);
    void moveEnd(Step& step);
    void onInactive(Step& step);
    void onSynOfInactive(Step& step);
    void onOpening(Step& step);
    void onEstablished(Step& step);
    void onClosed(Step& step);
    void enter(TcpEndpoint& end, State state);
    void cover(Step& step, std::uint64_t relative);
    void gap(TcpEndpoint& end, std::uint64_t bytes);
    void lookForEnd(TcpEndpoint& end);
    void close(TcpEndpoint& end);
    void flip();
    void repeated(TcpEndpoint::Repeated& event, char letter, const TcpEndpoint& of);
    [[nodiscard]] bool isOriginator(const TcpEndpoint& end) const { return &end == &ends_[0]; }
    TcpEndpoint& other(TcpEndpoint& end) { return &end == &ends_[0] ? ends_[1] : ends_[0]; }

    std::array<TcpEndpoint, 2> ends_; ///< originator, responder
    FlowHistory history_;
    std::int64_t openedTime_ = 0, lastTime_ = 0;
    MaybeTime attemptFrom_;       ///< time of the originator's SYN
    MaybeTime closedFrom_;        ///< nothing more is expected
    MaybeTime oddCloseFrom_;      ///< a side closed of which nothing else was seen
    bool closeDeferred_ = false;  ///< until what is missing is there
    bool established_ = false;    ///< the handshake is over: it may be quiet for longer
    bool partial_ = false;        ///< its beginning was missed
    std::array<bool, 2> heard_{}; ///< by side
    std::int64_t relativeSequence_ = 0, relativeAcknowledgment_ = 0;
};

} // namespace packetloom
