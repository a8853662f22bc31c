// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/segment_judge.h"

#include "core/flow/exact/serial_number.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::int64_t fastLimit = 20'000;    // microseconds between duplicate ACKs and what they ask for
constexpr std::int64_t disorderLimit = 3'000; // microseconds; where no round trip is known
constexpr std::uint32_t fastAfter = 2;        // duplicate ACKs
constexpr std::int16_t mostScale = 14;        // RFC 7323, 2.3

bool isControl(const TcpFlags& flags)
{
    return flags.has(TcpFlags::syn | TcpFlags::fin | TcpFlags::rst);
}

} // namespace

std::int64_t SegmentJudge::scaledWindow(const Side& side) const
{
    if (side.window == PacketExtras::unknown)
        return PacketExtras::unknown;
    const bool plain = side.windowOfSyn || !scales();
    return std::int64_t{side.window} << (plain ? 0 : std::min(side.scale, mostScale));
}

// What depends on windows and on what was acknowledged before.
SegmentMarks SegmentJudge::onWindowsAndAcks(const Input& segment, const Side& own, const Side& peer) const
{
    const bool ack = segment.flags.has(TcpFlags::ack), control = isControl(segment.flags);
    const bool atNext = own.spoke && segment.sequence == own.next;
    const bool knowsWindow = segment.window != PacketExtras::unknown;
    if (segment.payload == 1 && atNext && peer.window == 0)
        return ZeroWindowProbe;
    SegmentMarks marks = 0;
    if (segment.window == 0 && !control)
        marks |= ZeroWindow;
    if (own.spoke && serialDistance(segment.sequence, own.next) > 0 && !segment.flags.has(TcpFlags::rst))
        marks |= GapBefore;
    if (segment.payload <= 1 && own.spoke && segment.sequence == own.next - 1 && !control)
        marks |= KeepAlive;
    const bool sameAck = own.acknowledged && ack && segment.acknowledgment == own.lastAck;
    if (segment.payload == 0 && !control && atNext && sameAck && knowsWindow) {
        if (segment.window == own.window && segment.window != 0) {
            if (peer.lastMarks & KeepAlive)
                marks |= KeepAliveAck;
            else
                marks |= DuplicateAck;
        } else if (segment.window == 0 && own.window == 0 && (peer.lastMarks & ZeroWindowProbe)) {
            // the answer to a probe is no news
        } else if (segment.window != 0) {
            marks |= WindowUpdate;
        }
    }
    if (segment.payload > 0 && !control && peer.acknowledged && peer.window != PacketExtras::unknown &&
        peer.scale != PacketExtras::unknown &&
        segment.sequence + segment.payload == peer.lastAck + static_cast<std::uint32_t>(scaledWindow(peer)))
        marks |= WindowFull;
    return marks;
}

// Why a segment brings numbers that were there before.
SegmentMarks SegmentJudge::onOldNumbers(const Input& segment, const Side& own, const Side& peer) const
{
    // After a probe of a closed window the byte of the probe comes again with more.
    if (segment.payload > 1 && own.next - 1 == segment.sequence)
        return 0;
    const std::uint32_t behind = segment.sequence + segment.payload;
    if (peer.duplicateAcks >= fastAfter && peer.acknowledged && peer.lastAck == segment.sequence &&
        segment.timestamp - peer.lastAckTime < fastLimit)
        return Retransmission | FastRetransmission;
    if (segment.timestamp - own.nextTime < (handshake_ > 0 ? handshake_ : disorderLimit) &&
        own.next != behind)
        return OutOfOrder;
    if (segment.payload > 0 && peer.acknowledged && serialDistance(behind, peer.lastAck) <= 0)
        return Retransmission | SpuriousRetransmission;
    return Retransmission;
}

void SegmentJudge::judge(const Input& segment, std::size_t side, SegmentVerdict& verdict)
{
    Side &own = sides_[side], &peer = sides_[1 - side];
    const bool syn = segment.flags.has(TcpFlags::syn), fin = segment.flags.has(TcpFlags::fin);
    const bool ack = segment.flags.has(TcpFlags::ack);
    if (syn) {
        own.scale = segment.windowScale;
        // The other side cannot scale what this one does not offer.
    }
    noteHandshake(segment, side);
    SegmentMarks marks = onWindowsAndAcks(segment, own, peer);
    if (ack && peer.spoke && serialDistance(segment.acknowledgment, peer.unbroken) > 0) {
        marks |= AckOfUnseen;
        peer.unbroken = segment.acknowledgment; // told once
        if (serialDistance(segment.acknowledgment, peer.next) > 0)
            peer.next = segment.acknowledgment;
    }
    const bool takesNumbers = segment.payload > 0 || syn || fin;
    const bool old = own.spoke && serialDistance(segment.sequence, own.next) < 0;
    if (takesNumbers && old && !(marks & KeepAlive))
        marks |= onOldNumbers(segment, own, peer);
    if (!(marks & DuplicateAck))
        own.duplicateAcks = 0;
    else
        ++own.duplicateAcks;

    const std::uint32_t behind = segment.sequence + segment.payload + (syn || fin ? 1 : 0);
    const bool probe = (marks & ZeroWindowProbe) != 0, rst = segment.flags.has(TcpFlags::rst);
    const std::int32_t ahead = own.spoke ? serialDistance(behind, own.next) : 1;
    if (!probe && !rst) {
        const auto fresh = own.spoke
                               ? std::clamp<std::int64_t>(ahead - (fin || syn ? 1 : 0), 0, segment.payload)
                               : std::int64_t{segment.payload};
        // What fills a gap, too, is new.
        own.newBytes += (marks & OutOfOrder) ? segment.payload : static_cast<std::uint64_t>(fresh);
        if (takesNumbers)
            keepWaiting(segment, own, (marks & (Retransmission | OutOfOrder | KeepAlive)) != 0);
    }
    if (ahead > 0 && !probe) {
        if (!own.spoke || segment.sequence == own.unbroken)
            own.unbroken = behind;
        own.next = behind;
        own.nextTime = segment.timestamp;
        own.spoke = true;
    } else if (segment.sequence == own.unbroken && !probe) {
        own.unbroken = own.next;
    }
    own.window = segment.window;
    own.windowOfSyn = syn;
    if (ack) {
        verdict.roundTrip = takeRoundTrip(segment, peer);
        own.lastAck = segment.acknowledgment;
        own.lastAckTime = segment.timestamp;
        own.acknowledged = true;
    }
    own.lastMarks = marks;
    verdict.marks |= marks;
    verdict.window = scaledWindow(own);
    const std::int32_t flying = peer.acknowledged && own.spoke ? serialDistance(own.next, peer.lastAck) : 0;
    verdict.inFlight = std::max(flying, 0);
}

void SegmentJudge::keepWaiting(const Input& segment, Side& own, bool again)
{
    const std::uint32_t behind =
        segment.sequence + segment.payload + (segment.flags.has(TcpFlags::syn | TcpFlags::fin) ? 1 : 0);
    if (again) { // which of the two an ACK is for cannot be told (Karn)
        own.waiting.erase(std::remove_if(own.waiting.begin(), own.waiting.end(),
                                         [&](const Waiting& sent) {
                                             return serialDistance(sent.behind, segment.sequence) > 0;
                                         }),
                          own.waiting.end());
        return;
    }
    if (own.waiting.size() < mostWaiting)
        own.waiting.push_back({behind, segment.timestamp});
}

// That of the last segment that is acknowledged, which is the one that asked for the ACK.
std::optional<std::int64_t> SegmentJudge::takeRoundTrip(const Input& segment, Side& peer)
{
    const auto first = peer.waiting.begin();
    const auto last = std::find_if(first, peer.waiting.end(), [&](const Waiting& sent) {
        return serialDistance(segment.acknowledgment, sent.behind) < 0;
    });
    if (last == first)
        return std::nullopt;
    const std::int64_t time = segment.timestamp - std::prev(last)->time;
    peer.waiting.erase(first, last);
    peer.digest.add(time);
    return time;
}

void SegmentJudge::noteHandshake(const Input& segment, std::size_t side)
{
    const bool syn = segment.flags.has(TcpFlags::syn), ack = segment.flags.has(TcpFlags::ack);
    if (syn && !ack)
        synTime_[side] = segment.timestamp;
    else if (!syn && ack && handshake_ == 0 && synTime_[side] && sides_[1 - side].spoke)
        handshake_ = std::max<std::int64_t>(segment.timestamp - *synTime_[side], 1);
}

} // namespace packetloom
