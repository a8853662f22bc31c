// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/tcp_step.h"

#include <string>
#include <string_view>
#include <utility>

// What a segment makes of the state of its sender, and what the states of both sides mean.

namespace packetloom {

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
        // Its answer was captured before it.
        if (!segment.ack() && step.peer->state == State::Established) {
            enter(*step.end, State::Established);
            return;
        }
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

TcpConnection::Deadline TcpConnection::deadline(const ExactRules& rules) const
{
    if (closedFrom_) {
        const bool reset = ends_[0].state == State::Reset || ends_[1].state == State::Reset;
        return {laterBy(*closedFrom_, rules.linger), reset ? EndReason::Reset : EndReason::Closed};
    }
    Deadline deadline{laterBy(lastTime_, established_ ? rules.tcpInactivity : rules.udpInactivity),
                      EndReason::Inactivity};
    const bool unanswered = (ends_[0].state == State::SynSent || ends_[0].state == State::SynAckSent) &&
                            ends_[1].state == State::Inactive;
    if (attemptFrom_ && unanswered && laterBy(*attemptFrom_, rules.attempt) < deadline.time)
        deadline = {laterBy(*attemptFrom_, rules.attempt), EndReason::Attempt};
    const bool half = ends_[0].state != State::Inactive && ends_[1].state != State::Inactive &&
                      ends_[0].state != State::Reset && ends_[1].state != State::Reset;
    if (oddCloseFrom_ && half && laterBy(*oddCloseFrom_, rules.partialClose) < deadline.time)
        deadline = {laterBy(*oddCloseFrom_, rules.partialClose), EndReason::PartialClose};
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
