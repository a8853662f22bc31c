// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/tcp_step.h"

#include <algorithm>
#include <string>
#include <utility>

namespace packetloom {
namespace {

constexpr std::int32_t tooFar = 1 << 20;         // no believable step of a number that SYN or RST tells
constexpr std::uint64_t mostWithoutAck = 16'384; // bytes after which ACKs seem to go another way
constexpr std::uint64_t mostUnacknowledged = std::uint64_t{10} << 20;

} // namespace

void TcpConnection::open(std::int64_t timestamp, bool flip)
{
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
    if (opener->numbered && segment.sequence == opener->first)
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
    std::uint32_t rest = ++event;
    while (rest > 1 && rest % step == 0)
        rest /= step;
    if (rest == 1)
        history_.add(letter, isOriginator(of));
}

} // namespace packetloom
