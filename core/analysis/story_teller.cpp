// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/story_teller.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t mostClosedWindows = 12; ///< of each side are told one by one

} // namespace

void StoryTeller::Seen::add(const TracedPacket& packet, std::int64_t before)
{
    last = packet.packet.timestamp;
    if (++count > 1)
        return;
    row = packet.row;
    time = last;
    since = before;
}

void StoryTeller::add(const TracedPacket& packet)
{
    const std::int64_t time = packet.packet.timestamp;
    const std::size_t side = packet.verdict.fromOriginator ? ExactFlow::originator : ExactFlow::responder;
    if (!first_) {
        first_ = packet;
        last_ = time;
    }
    if (time - last_ > silence_.time - silence_.since) {
        silence_ = {};
        silence_.add(packet, last_);
        silenceSide_ = side;
    }
    ++sides_[side].packets;
    if (packet.verdict.marks & Ignored) {
        if (!damaged_)
            damagedSide_ = side;
        damaged_.add(packet, last_);
    } else {
        open(packet, side);
        transfer(packet, side);
        cover(packet, side);
        window(packet, side);
        close(packet, side);
    }
    last_ = time;
}

void StoryTeller::open(const TracedPacket& packet, std::size_t side)
{
    const Packet& p = packet.packet;
    Side& own = sides_[side];
    const Side& other = sides_[1 - side];
    const bool syn = p.flags.has(TcpFlags::syn), ack = p.flags.has(TcpFlags::ack);
    if (packet.role == PacketRole::Syn)
        referenceSyn_ = p.sequence;
    if (packet.role == PacketRole::SynAck)
        referenceSynAck_ = p.sequence;
    if (p.flags.has(TcpFlags::rst))
        return;
    if (syn) {
        Opening& opening = ack ? own.synAck : own.syn;
        if (opening && opening.sequence != p.sequence) {
            if (!own.anew)
                own.anewSequence = p.sequence;
            return own.anew.add(packet, last_);
        }
        if (opening && opening.steps.size() < StoryFact::mostSteps)
            opening.steps.push_back(p.timestamp - opening.last);
        opening.sequence = p.sequence;
        if (!opening)
            opening.acknowledgment = p.acknowledgment;
        return opening.add(packet, last_);
    }
    if (ack && !established_ && other.synAck && p.acknowledgment == acknowledging(other.synAck.sequence)) {
        established_.add(packet, last_);
        acknowledger_ = side;
    }
}

void StoryTeller::transfer(const TracedPacket& packet, std::size_t side)
{
    const SegmentMarks marks = packet.verdict.marks;
    Side& own = sides_[side];
    const std::pair<SegmentMarks, Seen*> kinds[] = {
        {OutOfOrder, &own.outOfOrder}, {GapBefore, &own.gap},       {DuplicateAck, &own.duplicateAck},
        {WindowFull, &own.windowFull}, {KeepAlive, &own.keepAlive},
    };
    for (const auto& [mark, seen] : kinds) {
        // In front of a SYN there is nothing.
        if ((marks & mark) != 0 && !(mark == GapBefore && packet.packet.flags.has(TcpFlags::syn)))
            seen->add(packet, last_);
    }
    if (packet.verdict.payload > 0 && !(marks & KeepAlive)) {
        own.data.add(packet, last_);
        if (sides_[1 - side].fin && !(marks & Retransmission)) {
            own.afterClose.add(packet, last_);
            own.bytesAfterClose += static_cast<std::uint64_t>(packet.verdict.payload);
        }
    }
}

// Numbers are relative: the SYN is 0, and a FIN takes one behind the data.
void StoryTeller::cover(const TracedPacket& packet, std::size_t side)
{
    const Packet& p = packet.packet;
    if (p.flags.has(TcpFlags::rst))
        return;
    Side &own = sides_[side], &other = sides_[1 - side];
    const std::int64_t first = packet.verdict.relativeSequence + (p.flags.has(TcpFlags::syn) ? 1 : 0);
    const std::int64_t length =
        std::max<std::int64_t>(packet.verdict.payload, 0) + (p.flags.has(TcpFlags::fin) ? 1 : 0);
    const auto onGapOf = [&](Side& gapped) {
        return [&gapped, &packet, this](std::uint64_t bytes) {
            gapped.missing.add(packet, last_);
            gapped.missingBytes += bytes;
        };
    };
    if (length > 0 && first > 0)
        own.coverage.add(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(first + length),
                         onGapOf(own));
    if (!p.flags.has(TcpFlags::ack))
        return;
    own.acknowledges = own.acknowledges || !p.flags.has(TcpFlags::syn);
    if (const std::int64_t number = packet.verdict.relativeAcknowledgment; number > 0)
        other.coverage.acknowledge(static_cast<std::uint64_t>(number), !established_, onGapOf(other));
}

void StoryTeller::window(const TracedPacket& packet, std::size_t side)
{
    Side& own = sides_[side];
    const std::int64_t time = packet.packet.timestamp;
    if (packet.verdict.marks & ZeroWindowProbe) {
        if (Side& other = sides_[1 - side]; other.windowIsClosed && !other.closedWindows.empty())
            ++other.closedWindows.back().count;
    }
    if (packet.verdict.marks & ZeroWindow) {
        if (!own.windowIsClosed && own.closedWindows.size() < mostClosedWindows) {
            StoryFact fact{.kind = StoryKind::StillClosed, .side = side, .time = time};
            fact.row = packet.row;
            own.closedWindows.push_back(std::move(fact));
        } else if (!own.windowIsClosed) {
            ++own.moreClosed;
            own.moreClosedSince = time;
        }
        own.windowIsClosed = true;
    } else if (own.windowIsClosed && packet.verdict.window > 0) {
        own.windowIsClosed = false;
        if (own.moreClosed > 0) {
            own.moreClosedSpan += time - own.moreClosedSince;
        } else {
            own.closedWindows.back().kind = StoryKind::WindowClosed;
            own.closedWindows.back().until = time;
        }
    }
}

void StoryTeller::close(const TracedPacket& packet, std::size_t side)
{
    const Packet& p = packet.packet;
    Side &own = sides_[side], &other = sides_[1 - side];
    const bool over = own.finAcknowledged && other.finAcknowledged;
    if (over) {
        if (!stragglers_)
            stragglersSide_ = side;
        stragglers_.add(packet, last_);
    }
    if (p.flags.has(TcpFlags::rst))
        return own.rst.add(packet, last_);
    if (p.flags.has(TcpFlags::fin)) {
        const std::int64_t payload = packet.verdict.payload;
        if (!own.fin)
            own.finEnd = packet.verdict.relativeSequence + std::max<std::int64_t>(payload, 0) + 1;
        own.fin.add(packet, last_);
    }
    if (p.flags.has(TcpFlags::ack) && other.fin && packet.verdict.relativeAcknowledgment >= other.finEnd)
        other.finAcknowledged = true;
}

FlowStory StoryTeller::finish(const ExactFlow& flow, const FlowLife& life,
                              const std::optional<TracedPacket>& deciding, std::int64_t captureEnd) &&
{
    for (std::size_t side = 0; side < 2; ++side) {
        tellOpening(side, deciding, life, captureEnd);
        tellTransfer(side, flow.sides[flow.originatorIsHigh ? 1 - side : side]);
        tellClosing(side, deciding, life);
    }
    tellWhole(flow, life, captureEnd);
    std::stable_sort(story_.begin(), story_.end(), [](const StoryFact& a, const StoryFact& b) {
        return a.time != b.time ? a.time < b.time : a.kind < b.kind;
    });
    if (flow.originatorIsHigh) {
        for (StoryFact& fact : story_)
            fact.side = 1 - fact.side;
    }
    return std::move(story_);
}

} // namespace packetloom
