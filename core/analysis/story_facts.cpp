// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/story_teller.h"

#include <algorithm>

namespace packetloom {
StoryFact& StoryTeller::tell(StoryKind kind, std::size_t side, const Seen& seen)
{
    StoryFact fact{.kind = kind, .side = side, .time = seen.time};
    if (seen) {
        fact.row = seen.row;
        fact.count = seen.count;
        fact.until = seen.last;
    }
    return story_.emplace_back(std::move(fact));
}

bool StoryTeller::answeredWrongly(std::size_t side) const
{
    const Opening &syn = sides_[1 - side].syn, &synAck = sides_[side].synAck;
    return syn && synAck && synAck.acknowledgment != acknowledging(syn.sequence);
}

void StoryTeller::tellOpening(std::size_t side, const std::optional<TracedPacket>& deciding,
                              const FlowLife& life, std::int64_t captureEnd)
{
    const Side &own = sides_[side], &other = sides_[1 - side];
    const auto decidedBy = [&](std::uint64_t row) { return deciding && deciding->row == row; };
    if (own.syn) {
        tell(StoryKind::Asked, side, own.syn).actual = own.syn.sequence;
        if (own.syn.count > 1) {
            StoryFact& again = tell(StoryKind::AskedAgain, side, own.syn);
            again.actual = own.syn.sequence;
            again.steps = own.syn.steps;
        }
        // Who acknowledges has heard an answer that was not captured.
        const bool heard = other.packets == 0 && own.acknowledges;
        if (!other.synAck && !other.syn && !other.rst && !heard) {
            StoryFact& none = tell(StoryKind::NotAnswered, side, own.syn);
            none.time = own.syn.last;
            none.steps = own.syn.steps;
            none.segments = other.packets;
            none.until = std::max(captureEnd, last_);
            if (life.invalidReason == InvalidReason::IncompleteNoSynAck)
                none.reason = life.invalidReason;
        }
    }
    if (own.anew) {
        StoryFact& anew = tell(StoryKind::AskedAnew, side, own.anew);
        anew.actual = own.anewSequence;
        anew.expected = own.syn ? own.syn.sequence : own.synAck.sequence;
    }
    if (own.synAck) {
        const std::int64_t asked = acknowledging(other.syn.sequence);
        const bool decided = decidedBy(own.synAck.row) && life.invalidReason == InvalidReason::InvalidSynAck;
        const bool wrong = answeredWrongly(side);
        if (!other.syn) {
            tell(StoryKind::AnswerFirst, side, own.synAck).actual = own.synAck.sequence;
        } else if (wrong || decided) {
            StoryFact& fact = tell(StoryKind::AnsweredWrongly, side, own.synAck);
            fact.actual = own.synAck.acknowledgment;
            fact.expected = asked;
            if (decided) {
                // as the reference reckons: it does not begin again behind 4,294,967,295
                fact.expected = referenceSyn_ + (referenceSyn_ < INT64_MAX ? 1 : 0);
                fact.reason = life.invalidReason;
            }
        } else {
            StoryFact& fact = tell(StoryKind::Answered, side, own.synAck);
            fact.actual = own.synAck.sequence;
            // Which of several SYNs it answers, nobody can tell.
            if (other.syn.count == 1)
                fact.span = own.synAck.time - other.syn.time;
        }
        const bool misfit = deciding && life.invalidReason == InvalidReason::InvalidAck;
        const bool unheard = other.packets == 0; // that is told, and nothing follows from it
        if (!established_ && !own.rst && !other.rst && !other.data && !wrong && !decided && !misfit &&
            !unheard) {
            StoryFact& none = tell(StoryKind::NotAcknowledged, side, own.synAck);
            none.time = own.synAck.last;
            none.until = std::max(captureEnd, last_);
            if (life.invalidReason == InvalidReason::IncompleteNoAck)
                none.reason = life.invalidReason;
        }
    }
    if (deciding && deciding->verdict.fromOriginator == (side == ExactFlow::originator)) {
        Seen seen;
        seen.add(*deciding, deciding->packet.timestamp);
        const auto after = [](std::int64_t number) { return number + (number < INT64_MAX ? 1 : 0); };
        if (life.invalidReason == InvalidReason::InvalidAck) {
            StoryFact& fact = tell(StoryKind::AcknowledgedWrongly, side, seen);
            fact.actual = deciding->packet.acknowledgment;
            fact.expected = after(referenceSynAck_);
            fact.actualSequence = deciding->packet.sequence;
            fact.expectedSequence = after(referenceSyn_);
            fact.reason = life.invalidReason;
        } else if (life.invalidReason == InvalidReason::InvalidSynAck && !decidedBy(own.synAck.row)) {
            StoryFact& fact = tell(StoryKind::AnsweredWrongly, side, seen);
            fact.actual = deciding->packet.acknowledgment;
            fact.expected = after(referenceSyn_);
            fact.reason = life.invalidReason;
        }
    }
    if (established_ && acknowledger_ == side && !(deciding && deciding->row == established_.row)) {
        StoryFact& fact = tell(StoryKind::Established, side, established_);
        if (own.syn.count == 1)
            fact.span = established_.time - own.syn.time;
    }
}

void StoryTeller::tellTransfer(std::size_t side, const FlowSide& counted)
{
    const Side& own = sides_[side];
    if (own.data) {
        StoryFact& sent = tell(StoryKind::Sent, side, own.data);
        sent.segments = counted.dataPackets.value_or(own.data.count);
        sent.bytes = counted.bytes;
        sent.payload = counted.payload;
        sent.again = counted.retransmissions.value_or(0);
        sent.fast = counted.fastRetransmissions.value_or(0);
        sent.unneeded = counted.spuriousRetransmissions.value_or(0);
    }
    if (own.outOfOrder)
        tell(StoryKind::OutOfOrder, side, own.outOfOrder);
    tellMissed(side, counted);
    if (own.duplicateAck)
        tell(StoryKind::DuplicateAcks, side, own.duplicateAck);
    story_.insert(story_.end(), own.closedWindows.begin(), own.closedWindows.end());
    if (own.moreClosed > 0) {
        StoryFact more{.kind = StoryKind::MoreClosed, .side = side, .time = own.closedWindows.back().until};
        more.count = own.moreClosed;
        more.span = own.moreClosedSpan + (own.windowIsClosed ? last_ - own.moreClosedSince : 0);
        story_.push_back(std::move(more));
    }
    if (own.windowFull)
        tell(StoryKind::WindowFilled, side, own.windowFull);
    if (own.keepAlive)
        tell(StoryKind::KeptAlive, side, own.keepAlive);
}

// What was missing when a later segment came may have come after that, and the engine's figure counts what
// was cut off of captured packets as well: neither was missed.
void StoryTeller::tellMissed(std::size_t side, const FlowSide& counted)
{
    const Side& own = sides_[side];
    // What a wrong answer acknowledges was never sent.
    const std::uint64_t bytes =
        answeredWrongly(1 - side) ? 0 : std::min(own.missingBytes, counted.missedBytes.value_or(0));
    if (bytes > 0) {
        tell(StoryKind::Missed, side, own.missing).bytes = bytes;
        return;
    }
    const bool filled = own.outOfOrder || counted.retransmissions.value_or(0) > 0;
    if (own.gap && !filled)
        tell(StoryKind::Missed, side, own.gap);
}

void StoryTeller::tellClosing(std::size_t side, const std::optional<TracedPacket>& deciding,
                              const FlowLife& life)
{
    const Side &own = sides_[side], &other = sides_[1 - side];
    if (own.fin)
        tell(StoryKind::Closed, side, own.fin);
    if (own.afterClose)
        tell(StoryKind::HalfClosed, side, own.afterClose).bytes = own.bytesAfterClose;
    if (!own.rst)
        return;
    const bool opening = (own.syn || own.synAck || other.syn || other.synAck) &&
                         (!established_ || established_.time > own.rst.time) && !own.data && !other.data;
    const bool refused = opening && other.syn && !own.syn && !own.synAck;
    StoryFact& reset = tell(refused   ? StoryKind::Refused
                            : opening ? StoryKind::ResetInHandshake
                                      : StoryKind::Reset,
                            side, own.rst);
    if (!first_ || first_->row != own.rst.row)
        reset.span = own.rst.time - own.rst.since;
    if (deciding && deciding->row == own.rst.row && life.invalidReason == InvalidReason::RstDuringHandshake)
        reset.reason = life.invalidReason;
}

void StoryTeller::tellWhole(const ExactFlow& flow, const FlowLife& life, std::int64_t captureEnd)
{
    if (!first_)
        return;
    Seen begin;
    begin.add(*first_, first_->packet.timestamp);
    const bool opened = sides_[0].syn || sides_[1].syn || sides_[0].synAck || sides_[1].synAck;
    const std::size_t originator = flow.originatorIsHigh ? 1 : 0, responder = 1 - originator;
    if (!opened)
        story_.insert(story_.begin(),
                      StoryFact{.kind = StoryKind::BeganBefore,
                                .side = first_->verdict.fromOriginator ? std::size_t{0} : std::size_t{1},
                                .time = begin.time,
                                .row = begin.row});
    for (std::size_t side = 0; side < 2; ++side) {
        const bool askedInVain = sides_[side].syn && sides_[side].packets == sides_[side].syn.count;
        if (sides_[1 - side].packets == 0 && !askedInVain)
            tell(StoryKind::OneSided, side, begin).count = sides_[side].packets;
    }
    if (const Seen& asked = sides_[originator].data, &answered = sides_[responder].data;
        flow.firstResponse && asked && answered) {
        StoryFact& response = tell(StoryKind::FirstResponse, responder, answered);
        response.span = flow.firstResponse;
        // The responder may have spoken first: then it is none of its packets that are known here.
        if (const std::int64_t time = asked.time + *flow.firstResponse; time != answered.time) {
            response.time = time;
            response.row.reset();
        }
    }
    constexpr std::int64_t worthTelling = 1'000'000;
    if (silence_.time - silence_.since >= worthTelling) {
        StoryFact& silent = tell(StoryKind::Silent, silenceSide_, silence_);
        silent.until = silence_.time;
        silent.time = silence_.since;
        silent.span = silence_.time - silence_.since;
    }
    if (damaged_)
        tell(StoryKind::Damaged, damagedSide_, damaged_);
    if (stragglers_)
        tell(StoryKind::Stragglers, stragglersSide_, stragglers_);
    const auto atEnd = [&](StoryKind kind) -> StoryFact& {
        return story_.emplace_back(StoryFact{.kind = kind, .side = originator, .time = last_});
    };
    const bool closed = sides_[0].fin || sides_[1].fin || sides_[0].rst || sides_[1].rst;
    if (!closed && (established_ || sides_[0].data || sides_[1].data || !opened))
        atEnd(StoryKind::StillOpen).span = std::max<std::int64_t>(captureEnd - last_, 0);
    const bool told = std::any_of(story_.begin(), story_.end(),
                                  [&](const StoryFact& fact) { return fact.reason != InvalidReason::None; });
    if (life.invalidReason != InvalidReason::None && !told)
        atEnd(StoryKind::ReferenceSays).reason = life.invalidReason;
    atEnd(StoryKind::State).state = flow.state;
    if (flow.estimated)
        atEnd(StoryKind::Estimated);
}

} // namespace packetloom
