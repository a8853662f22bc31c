// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/tcp_connection.h"

#include <algorithm>
#include <string>
#include <utility>

namespace packetloom {
namespace {

constexpr std::int32_t tooFar = 1 << 20;         // no believable step of a number that SYN or RST tells
constexpr std::uint64_t mostWithoutAck = 16'384; // bytes after which ACKs seem to go another way
constexpr std::uint64_t mostUnacknowledged = std::uint64_t{10} << 20;

} // namespace

struct TcpConnection::Step
{
    const TcpSegment& segment;
    TcpEndpoint* end;    ///< that sent it
    TcpEndpoint* peer;   ///< the other one
    bool fromOriginator; ///< when it came: the sides may be exchanged since
    bool measured;
    bool flipped = false;
    bool closes = false;

    /// Numbers that it takes; the data of a RST is no part of the stream.
    [[nodiscard]] std::uint32_t numbers() const
    {
        return (segment.rst() ? 0 : segment.payload) + (segment.syn() ? 1 : 0) + (segment.fin() ? 1 : 0);
    }
    [[nodiscard]] std::uint32_t behind() const { return segment.sequence + numbers(); }
};

void TcpConnection::open(std::int64_t timestamp, bool flip)
{
    *this = {};
    openedTime_ = lastTime_ = timestamp;
    if (flip)
        history_.flip();
}

bool TcpConnection::isReuse(const TcpSegment& segment, bool /*fromOriginator*/) const
{
    if (!segment.syn())
        return false;
    const TcpEndpoint* opener = &ends_[0];
    if (segment.ack()) { // only where nothing was heard of who was asked for
        if (ends_[0].state != State::Inactive)
            return false;
        opener = &ends_[1];
    }
    if (segment.sequence == opener->first && opener->state != State::Inactive)
        return false; // it was sent again
    if (ends_[0].closed && ends_[1].closed)
        return true;
    // SYN and SYN+ACK were captured in the wrong order.
    return !(!segment.ack() && opener->state == State::SynAckSent && ends_[1].state == State::Inactive &&
             segment.sequence == ends_[1].first);
}

bool TcpConnection::take(const TcpSegment& segment, bool fromOriginator, bool measured)
{
    TcpEndpoint& sender = ends_[fromOriginator ? 0 : 1];
    Step step{.segment = segment,
              .end = &sender,
              .peer = &other(sender),
              .fromOriginator = fromOriginator,
              .measured = measured};
    if (fromOriginator ? !heard_[0] : !heard_[1] && !partial_)
        partial_ = !segment.syn() || (fromOriginator && segment.ack());
    begin(step);
    bool beforeFirst = false;
    const std::uint64_t relative = step.end->relative(segment.sequence, step.end->last, beforeFirst);
    relativeSequence_ = static_cast<std::int64_t>(relative);
    noteHistory(step, relative);
    noteWindow(step);
    if (!ends_[0].closed || !ends_[1].closed)
        lastTime_ = segment.timestamp;
    if (segment.fin()) {
        ++step.end->fins;
        step.end->finEnd = relative + step.numbers();
    }
    const std::uint64_t acknowledged = segment.ack() ? acknowledge(step) : 0;
    relativeAcknowledgment_ = static_cast<std::int64_t>(acknowledged);
    moveEnd(step);
    switch (step.end->state) {
    case State::Inactive:
        onInactive(step);
        break;
    case State::SynSent:
    case State::SynAckSent:
        onOpening(step);
        break;
    case State::Partial:
    case State::Established:
        onEstablished(step);
        break;
    case State::Closed:
        onClosed(step);
        break;
    case State::Reset:
        break;
    }
    if (segment.ack() && measured) { // now that it is known whether it is of the connection's very end
        TcpEndpoint& peer = *step.peer;
        const std::uint64_t upTo =
            peer.fins > 0 && acknowledged >= peer.finEnd ? peer.finEnd - 1 : acknowledged;
        peer.coverage.acknowledge(upTo, partial_, [&](std::uint64_t bytes) { gap(peer, bytes); });
        lookForEnd(peer);
    }
    heard_[isOriginator(*step.end) ? 0 : 1] = true;
    if (measured && segment.payload > 0 && !segment.rst() && !beforeFirst && segment.captured)
        cover(step, relative + (segment.syn() ? 1 : 0));
    lookForEnd(*step.end);
    if (step.closes)
        close(*step.end);
    return step.flipped;
}

void TcpConnection::badChecksum(bool fromOriginator)
{
    TcpEndpoint& end = ends_[fromOriginator ? 0 : 1];
    repeated(end.badChecksums, 'C', end);
}

// The numbers that a side begins with, where it sends the first thing, or thinks better of it.
void TcpConnection::begin(Step& step)
{
    TcpEndpoint& end = *step.end;
    const std::uint32_t number = step.segment.sequence;
    const bool syn = step.segment.syn();
    switch (end.state) {
    case State::Inactive:
        if (syn)
            end.begin(number, step.behind());
        else // as if there had been a SYN, so that relative numbers mean the same
            end.begin(number - 1, number);
        break;
    case State::SynSent:
    case State::SynAckSent:
        if (syn && number != end.first)
            end.begin(number, step.behind());
        break;
    case State::Established:
    case State::Partial:
        if (syn) // it was not established after all
            end.begin(number, step.behind());
        break;
    case State::Reset:
        if (syn && end.before == State::Inactive) // the RST may have been somebody else's
            end.begin(number, step.behind());
        break;
    case State::Closed:
        break;
    }
}

void TcpConnection::noteHistory(Step& step, std::uint64_t relative)
{
    const TcpSegment& segment = step.segment;
    const int bits = (segment.syn() ? 1 : 0) + (segment.fin() ? 1 : 0) + (segment.rst() ? 1 : 0);
    const auto again = [&](char letter, std::uint64_t& last, std::uint64_t number) {
        if (!history_.once(letter, isOriginator(*step.end)) && number != last)
            history_.add(letter, isOriginator(*step.end));
        last = number;
    };
    if (bits > 1) {
        history_.once(segment.fin() && segment.rst() ? 'I' : 'Q', isOriginator(*step.end));
    } else if (segment.syn()) {
        again(segment.ack() ? 'H' : 'S', step.end->lastSyn, relative);
    } else if (segment.fin()) {
        again('F', step.end->lastFin, relative + segment.payload);
    } else if (segment.rst()) {
        again('R', step.end->lastRst, relative);
    } else if (segment.hasData || segment.ack()) {
        // A SYN+ACK came first: that may be a scan, but whoever scans would get a RST. So the other side
        // asked for the connection, and that was not captured.
        if (history_.text() == "H") {
            flip();
            history_.replace("^h");
            heard_[0] = true;
            step.flipped = true;
            std::swap(step.end, step.peer); // they are places, whose contents were exchanged
        }
        history_.once(segment.hasData ? 'D' : 'A', isOriginator(*step.end));
    }
}

void TcpConnection::noteWindow(const Step& step)
{
    // Of a side that closed, or towards one that did, and with a RST it is nothing to be said.
    if (step.segment.zeroWindow && !step.segment.rst() && step.peer->state != State::Closed &&
        step.end->state != State::Reset)
        repeated(step.end->zeroWindows, 'W', *step.end);
}

// The relative number that the segment acknowledges.
std::uint64_t TcpConnection::acknowledge(Step& step)
{
    TcpEndpoint& peer = *step.peer;
    const std::uint32_t number = step.segment.acknowledgment;
    if (peer.state == State::Inactive) {
        guessPeer(peer, number);
        return 1;
    }
    bool before = false;
    const std::uint64_t relative = peer.relative(number, peer.acked, before);
    if (before)
        return 0;
    const std::int32_t step32 = serialDistance(number, peer.acked.number);
    const bool broken = number == 0 && step32 > tooFar;
    if (!step.segment.rst() && step32 > 0 && !broken)
        peer.acked.moveTo(number);
    return relative;
}

void TcpConnection::guessPeer(TcpEndpoint& peer, std::uint32_t acknowledgment)
{
    peer.begin(acknowledgment - 1, acknowledgment - 1);
}

void TcpConnection::moveEnd(Step& step)
{
    TcpEndpoint& end = *step.end;
    const TcpSegment& segment = step.segment;
    const std::int32_t distance = serialDistance(step.behind(), end.last.number);
    if ((segment.syn() || segment.rst()) && (distance > tooFar || distance < -tooFar))
        return;
    // Of more than 2 GiB of which only SYN and FIN were captured the FIN's number counts.
    if (segment.fin() && end.last.number == end.first + 1) {
        end.last.moveTo(step.behind());
        return;
    }
    if (end.state == State::Reset)
        return;
    if (distance > 0)
        end.last.moveTo(step.behind());
    else if (segment.payload > 0)
        repeated(end.retransmissions, 'T', end);
}

void TcpConnection::enter(TcpEndpoint& end, State state)
{
    if (end.state == state)
        return;
    const bool was = end.isOpening();
    end.before = std::exchange(end.state, state);
    if (!end.isOpening() && was && other(end).isOpening())
        established_ = true;
}

void TcpConnection::onSynOfInactive(Step& step)
{
    const TcpSegment& segment = step.segment;
    if (step.fromOriginator) {
        enter(*step.end, segment.ack() ? State::SynAckSent : State::SynSent);
        attemptFrom_ = segment.timestamp;
        return;
    }
    if (!segment.ack() && step.peer->state == State::SynAckSent && segment.sequence == step.end->first) {
        // SYN and SYN+ACK were captured in the wrong order.
        partial_ = false;
        flip();
        step.flipped = true;
        std::swap(step.end, step.peer);
        enter(*step.peer, State::Established);
        heard_[0] = true;
    }
    if (step.peer->state == State::SynSent)
        enter(*step.peer, State::Established);
    enter(*step.end, State::Established);
}

void TcpConnection::onInactive(Step& step)
{
    const TcpSegment& segment = step.segment;
    if (segment.syn())
        onSynOfInactive(step);
    if (segment.fin()) {
        enter(*step.end, State::Closed);
        step.closes = true;
    }
    if (segment.rst()) {
        enter(*step.end, State::Reset);
        step.closes = true;
    }
    if (step.end->state != State::Inactive)
        return;
    // Some acknowledge a SYN before they send their own.
    if (!step.fromOriginator && !segment.hasData && ends_[0].state == State::SynSent)
        return;
    if (segment.ack() && step.peer->state == State::Established) { // the SYN was missed
        enter(*step.end, State::Established);
        partial_ = false;
        heard_[isOriginator(*step.end) ? 0 : 1] = true;
    } else {
        enter(*step.end, State::Partial);
    }
}

void TcpConnection::onOpening(Step& step)
{
    if (step.segment.fin()) {
        enter(*step.end, State::Closed);
        step.closes = true;
    }
    if (step.segment.rst()) {
        enter(*step.end, State::Reset);
        step.closes = true;
    }
}

void TcpConnection::onEstablished(Step& step)
{
    const TcpSegment& segment = step.segment;
    if (segment.syn() && !segment.ack() && step.end->state == State::Partial &&
        step.peer->state == State::Inactive)
        enter(*step.end, State::SynSent);
    if (segment.fin() && !segment.rst()) {
        enter(*step.end, State::Closed);
        // A FIN and then a RST of the other side: that was a normal end.
        if (step.peer->state == State::Reset && step.peer->before == State::Closed)
            enter(*step.peer, State::Closed);
        step.closes = true;
    }
    if (segment.rst()) {
        enter(*step.end, State::Reset);
        step.closes = true;
    }
}

void TcpConnection::onClosed(Step& step)
{
    if (!step.segment.rst() || step.peer->state == State::Closed)
        return;
    enter(*step.end, State::Reset);
    step.closes = !step.end->closed;
}

void TcpConnection::cover(Step& step, std::uint64_t relative)
{
    TcpEndpoint& end = *step.end;
    const std::uint64_t behind = relative + step.segment.payload;
    const std::uint64_t acked = end.acked.full() - end.first;
    if (end.coverage.gaveUp() || behind <= acked)
        return;
    const auto onGap = [&](std::uint64_t bytes) { gap(end, bytes); };
    end.coverage.add(std::max(relative, acked), behind, onGap);
    // Where nothing is ever acknowledged, ACKs go another way, and nothing can be said of what is missing.
    if (end.nothingAcknowledged()) {
        if (end.coverage.waiting() > mostWithoutAck) {
            end.coverage.giveUp();
            return;
        }
        if (end.size(*step.peer) > mostWithoutAck && end.coverage.received() > end.coverage.acknowledged())
            end.coverage.acknowledge(end.coverage.received(), partial_, onGap);
    }
    if (end.coverage.heldBytes() > mostUnacknowledged)
        end.coverage.giveUp();
}

// Where the connection is not well established, numbers are not to be trusted so far.
void TcpConnection::gap(TcpEndpoint& end, std::uint64_t bytes)
{
    if (!end.isClean() || !other(end).isClean())
        return;
    repeated(end.gaps, 'G', end);
    end.missed += bytes;
}

// A close that waited for what was missing.
void TcpConnection::lookForEnd(TcpEndpoint& end)
{
    if (!closeDeferred_ || (end.fins == 0 && end.state != State::Closed && end.state != State::Reset) ||
        end.isPending(other(end)))
        return;
    closeDeferred_ = false;
    close(end);
}

void TcpConnection::close(TcpEndpoint& end)
{
    TcpEndpoint& peer = other(end);
    if (end.isPending(peer)) {
        closeDeferred_ = true;
        return;
    }
    closeDeferred_ = false;
    if (std::exchange(end.closed, true))
        return;
    if (end.state == State::Reset || peer.closed || peer.state == State::Inactive)
        closedFrom_ = lastTime_;
    else if (end.before == State::Inactive)
        oddCloseFrom_ = lastTime_;
}

void TcpConnection::flip()
{
    std::swap(ends_[0], ends_[1]);
    std::swap(heard_[0], heard_[1]);
    partial_ = false;
    history_.flip();
}

void TcpConnection::repeated(TcpEndpoint::Repeated& event, char letter, const TcpEndpoint& of)
{
    constexpr std::uint32_t step = 10;
    if (++event.count != event.next)
        return;
    history_.add(letter, isOriginator(of));
    event.next *= step;
}

TcpConnection::Deadline TcpConnection::deadline(const ExactRules& rules) const
{
    if (closedFrom_) {
        const bool reset = ends_[0].state == State::Reset || ends_[1].state == State::Reset;
        return {*closedFrom_ + rules.linger, reset ? EndReason::Reset : EndReason::Closed};
    }
    Deadline deadline{lastTime_ + (established_ ? rules.tcpInactivity : rules.udpInactivity),
                      EndReason::Inactivity};
    const bool unanswered = (ends_[0].state == State::SynSent || ends_[0].state == State::SynAckSent) &&
                            ends_[1].state == State::Inactive;
    if (attemptFrom_ && unanswered && *attemptFrom_ + rules.attempt < deadline.time)
        deadline = {*attemptFrom_ + rules.attempt, EndReason::Attempt};
    const bool half = ends_[0].state != State::Inactive && ends_[1].state != State::Inactive &&
                      ends_[0].state != State::Reset && ends_[1].state != State::Reset;
    if (oddCloseFrom_ && half && *oddCloseFrom_ + rules.partialClose < deadline.time)
        deadline = {*oddCloseFrom_ + rules.partialClose, EndReason::PartialClose};
    return deadline;
}

ConnState TcpConnection::state() const
{
    const State originator = ends_[0].state, responder = ends_[1].state;
    const auto silent = [](State state) { return state == State::Inactive || state == State::Partial; };
    if (responder == State::Reset) {
        const bool nothingSent = originator == State::Reset && bytes(0) == 0 && bytes(1) == 0;
        if (originator == State::SynSent || originator == State::SynAckSent || nothingSent)
            return ConnState::Rej;
        return silent(originator) ? ConnState::RstRH : ConnState::RstR;
    }
    if (originator == State::Reset) {
        if (!silent(responder))
            return ConnState::RstO;
        // A SYN and a RST, and nothing between that tells more.
        std::string_view letters = history_.text();
        if (letters.starts_with('^'))
            letters.remove_prefix(1);
        const auto reset = letters.find('R');
        const bool bare = letters.starts_with('S') && reset != std::string_view::npos &&
                          letters.substr(0, reset).find_first_of("HAFGIQ") == std::string_view::npos;
        return bare ? ConnState::RstOS0 : ConnState::Oth;
    }
    if (responder == State::Closed && originator == State::Closed)
        return ConnState::SF;
    if (originator == State::Closed)
        return silent(responder) ? ConnState::SH : ConnState::S2;
    if (responder == State::Closed)
        return silent(originator) ? ConnState::SHR : ConnState::S3;
    if (originator == State::SynSent && responder == State::Inactive)
        return ConnState::S0;
    return originator == State::Established && responder == State::Established ? ConnState::S1
                                                                               : ConnState::Oth;
}

} // namespace packetloom
