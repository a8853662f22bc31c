// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/tcp_host.h"

#include <algorithm>

namespace packetloom::generator {
namespace {

constexpr TcpHost::Time synTimeout = 1'000'000, delayedAck = 40'000, probeAfter = 260'000;
constexpr std::uint32_t mostInFlight = 40;

} // namespace

void TcpHost::put(std::uint32_t offset, std::uint32_t payload, std::uint16_t flags, Marks marks,
                  std::uint8_t times)
{
    const bool acks = (flags & ack) != 0;
    if (acks && (flags & (syn | rst)) == 0 && window() == 0)
        marks |= zeroWindow;
    if (payload > 0 && offset + payload == edge_)
        marks |= windowFull;
    outbox.push_back(
        {offset, acks ? nextExpected_ : 0, payload, (flags & rst) != 0 ? 0 : window(), flags, marks, times});
    if (acks) { // whatever says it, it is said
        unanswered_ = 0;
        ackAt_ = never;
    }
}

void TcpHost::send(std::uint32_t payload, std::uint16_t flags, Time now, Marks marks)
{
    put(nextToSend_, payload, flags, marks);
    sent_.push_back({nextToSend_, payload, flags, 0});
    nextToSend_ = sent_.back().end();
    if (retransmitAt_ == never)
        retransmitAt_ = now + timeoutNow();
}

void TcpHost::sendAgain(Marks why, Time now)
{
    Sent& first = sent_.front();
    ++first.times;
    put(first.offset, first.payload, first.flags, why, first.times);
    retransmitAt_ = now + timeoutNow();
}

TcpHost::Time TcpHost::timeoutNow() const
{
    const bool opens = state_ == State::SynSent || state_ == State::SynReceived;
    return (opens ? synTimeout : Time{options_.timeout}) << std::min<unsigned>(backoff_, 5);
}

void TcpHost::connect(Time now)
{
    state_ = State::SynSent;
    send(0, syn, now);
}

void TcpHost::write(std::uint32_t bytes, Time now)
{
    written_ += bytes;
    sendWhatMay(now);
}

void TcpHost::close(Time now)
{
    wantsFin_ = true;
    sendWhatMay(now);
}

void TcpHost::abort()
{
    if (state_ == State::Gone)
        return;
    put(nextToSend_, 0, state_ == State::SynSent ? rst : rst | ack);
    vanish();
    state_ = State::Reset;
}

void TcpHost::vanish()
{
    state_ = State::Gone;
    sent_.clear();
    retransmitAt_ = probeAt_ = ackAt_ = never;
}

void TcpHost::keepAlive(bool withByte)
{
    put(nextToSend_ - 1, withByte ? 1 : 0, ack, generator::keepAlive);
}

void TcpHost::readOn()
{
    reads_ = true;
    if (unread_ == 0)
        return;
    unread_ = 0;
    if (state_ == State::Established)
        put(nextToSend_, 0, ack, windowUpdate);
}

void TcpHost::sendWhatMay(Time now)
{
    if (state_ != State::Established)
        return;
    const std::uint32_t end = written_ + 1;
    while (!recovers_ && nextToSend_ < end && nextToSend_ < edge_) {
        const std::uint32_t bytes = std::min({options_.segmentBytes, end - nextToSend_, edge_ - nextToSend_});
        if (nextToSend_ + bytes > acknowledged_ + congestionWindow_)
            break;
        const bool last = nextToSend_ + bytes == end;
        std::uint16_t flags = last ? psh | ack : ack;
        if (last && wantsFin_) {
            flags |= fin;
            finSent_ = true;
        }
        send(bytes, flags, now);
    }
    if (wantsFin_ && !finSent_ && !recovers_ && nextToSend_ == end) {
        finSent_ = true;
        send(0, fin | ack, now);
    }
    const bool stalled = sent_.empty() && nextToSend_ < end && nextToSend_ >= edge_;
    if (!stalled)
        probeAt_ = never;
    else if (probeAt_ == never)
        probeAt_ = now + (probeAfter << std::min<unsigned>(probes_, 3));
}

TcpHost::Time TcpHost::deadline() const
{
    return std::min({retransmitAt_, probeAt_, ackAt_});
}

void TcpHost::expire(Time now)
{
    if (ackAt_ <= now) {
        put(nextToSend_, 0, ack);
    } else if (probeAt_ <= now) {
        probeAt_ = never;
        ++probes_;
        put(nextToSend_, 1, ack, windowProbe);
        sendWhatMay(now);
    } else if (retransmitAt_ <= now) {
        retransmitAt_ = never;
        if (sent_.empty())
            return;
        if (sent_.front().times + 1 >= options_.tries)
            return vanish();
        ++backoff_;
        congestionWindow_ = options_.segmentBytes;
        recovers_ = state_ == State::Established;
        recoverUntil_ = nextToSend_;
        sendAgain(afterTimeout, now);
    }
}

void TcpHost::arrive(const Segment& segment, Time now)
{
    if (state_ == State::Gone)
        return;
    if ((segment.flags & rst) != 0) {
        vanish();
        return;
    }
    if (state_ == State::Reset) { // nothing is known of such a connection any more
        outbox.push_back({segment.acknowledged, 0, 0, 0, rst, 0, 0});
        return;
    }
    if (state_ == State::Closed) {
        if ((segment.flags & syn) == 0 || !options_.listens)
            return;
        nextExpected_ = 1;
        if (options_.refuses)
            return put(0, 0, rst | ack);
        state_ = State::SynReceived;
        return send(0, syn | ack, now);
    }
    if ((segment.flags & syn) != 0) {
        if (state_ == State::SynSent) {
            nextExpected_ = 1;
            takeAck(segment, now);
            if (state_ == State::Established && outbox.empty())
                put(nextToSend_, 0, ack);
        } else if (state_ == State::SynReceived) { // what it said was lost
            sendAgain(afterTimeout, now);
        } else {
            put(nextToSend_, 0, ack, duplicateAck);
        }
        return;
    }
    if (state_ == State::SynSent)
        return;
    takeAck(segment, now);
    takeData(segment, now);
}

void TcpHost::takeAck(const Segment& segment, Time now)
{
    if ((segment.flags & ack) == 0)
        return;
    // The window of a SYN is never scaled (RFC 7323, 2.2).
    const std::uint32_t offered =
        (segment.flags & syn) != 0 ? std::min(segment.window, 65'535U) : segment.window;
    const std::uint32_t edge = segment.acknowledged + offered;
    const bool movesEdge = edge > edge_;
    edge_ = std::max(edge_, edge);
    if (segment.acknowledged > acknowledged_) {
        acknowledged_ = segment.acknowledged;
        nextToSend_ = std::max(nextToSend_, acknowledged_); // a probe's byte was taken
        while (!sent_.empty() && sent_.front().end() <= acknowledged_)
            sent_.pop_front();
        if (state_ != State::Established) {
            state_ = State::Established;
            congestionWindow_ = 10 * options_.segmentBytes;
        }
        duplicates_ = backoff_ = probes_ = 0;
        congestionWindow_ =
            std::min(congestionWindow_ + options_.segmentBytes, mostInFlight * options_.segmentBytes);
        retransmitAt_ = sent_.empty() ? never : now + timeoutNow();
        if (recovers_ && acknowledged_ >= recoverUntil_)
            recovers_ = false;
        else if (recovers_ && !sent_.empty())
            sendAgain(inRecovery, now);
    } else if (segment.payload == 0 && (segment.flags & fin) == 0 && !sent_.empty() && !movesEdge &&
               segment.acknowledged == acknowledged_) {
        if (++duplicates_ == 3 && !recovers_ && acknowledged_ >= recoverUntil_) {
            congestionWindow_ = std::max(congestionWindow_ / 2, 2 * options_.segmentBytes);
            recovers_ = true;
            recoverUntil_ = nextToSend_;
            sendAgain(afterAcks, now);
        }
    }
    sendWhatMay(now);
}

void TcpHost::duplicateAckOf(const Segment& segment, Time)
{
    const bool alive = segment.payload <= 1 && segment.offset + 1 == nextExpected_ &&
                       (segment.marks & generator::keepAlive) != 0;
    put(nextToSend_, 0, ack, alive ? keepAliveAck : duplicateAck);
}

void TcpHost::takeInOrder()
{
    while (!early_.empty() && early_.begin()->first <= nextExpected_) {
        nextExpected_ = std::max(nextExpected_, early_.begin()->second);
        early_.erase(early_.begin());
    }
    const std::uint32_t data = std::min(nextExpected_, finAt_ == 0 ? nextExpected_ : finAt_) - 1;
    if (!reads_)
        unread_ += data - delivered_;
    delivered_ = data;
}

void TcpHost::takeData(const Segment& segment, Time now)
{
    const bool closes = (segment.flags & fin) != 0;
    const std::uint32_t length = segment.payload + (closes ? 1U : 0U), end = segment.offset + length;
    if (length == 0) {
        if (segment.offset < nextExpected_)
            duplicateAckOf(segment, now);
        return;
    }
    if (end <= nextExpected_)
        return duplicateAckOf(segment, now);
    if (segment.payload > 0 && end - (closes ? 1U : 0U) > nextExpected_ + window()) // no room
        return put(nextToSend_, 0, ack);
    if (closes)
        finAt_ = end - 1;
    const bool inOrder = segment.offset <= nextExpected_, fillsHole = inOrder && !early_.empty();
    auto& to = early_[segment.offset];
    to = std::max(to, end);
    if (!inOrder)
        return put(nextToSend_, 0, ack, duplicateAck);
    takeInOrder();
    ++unanswered_;
    if (peerClosed() && options_.closesAtOnce && !wantsFin_) {
        close(now);
        if (unanswered_ == 0)
            return;
    }
    if (fillsHole || unanswered_ >= 2 || peerClosed() || window() == 0)
        put(nextToSend_, 0, ack);
    else
        ackAt_ = now + delayedAck;
}

} // namespace packetloom::generator
