// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/segment_judge.h"

#include "core/flow/exact/serial_number.h"

#include <algorithm>
#include <memory>
#include <utility>

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

void SegmentJudge::Side::clear()
{
    auto keptHoles = std::move(holes);
    auto keptWaiting = std::move(waiting);
    keptHoles.clear();
    keptWaiting.clear();
    std::destroy_at(this);
    std::construct_at(this);
    holes = std::move(keptHoles);
    waiting = std::move(keptWaiting);
}

void SegmentJudge::clear()
{
    for (Side& side : sides_)
        side.clear();
    synTime_.reset();
    handshake_ = 0;
}

std::int64_t SegmentJudge::scaledWindow(const Side& side) const
{
    if (side.window == PacketExtras::unknown)
        return PacketExtras::unknown;
    const bool plain = side.windowOfSyn || !scales();
    return std::int64_t{side.window} << (plain ? 0 : std::min(side.scale, mostScale));
}

// Whether it is known how windows are scaled: both offered it, or one side did not.
bool SegmentJudge::scaleKnown() const
{
    const auto is = [&](std::int16_t scale) { return sides_[0].scale == scale || sides_[1].scale == scale; };
    return is(notOffered) || !is(PacketExtras::unknown);
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
        peer.scale != PacketExtras::unknown && scaleKnown() &&
        segment.sequence + segment.payload == peer.lastAck + static_cast<std::uint32_t>(scaledWindow(peer)))
        marks |= WindowFull;
    return marks;
}

// Why a segment brings numbers that were there before.
SegmentMarks SegmentJudge::onOldNumbers(const Input& segment, const Side& own, const Side& peer) const
{
    const std::uint32_t behindPayload = segment.sequence + segment.payload;
    if (segment.payload > 0 && peer.acknowledged && serialDistance(behindPayload, peer.lastAck) <= 0)
        return Retransmission | SpuriousRetransmission;
    // After a probe of a closed window the byte of the probe comes again with more.
    const bool afterProbe = segment.payload > 1 && own.next - 1 == segment.sequence;
    if (!own.spoke || serialDistance(segment.sequence, own.next) >= 0 || afterProbe)
        return 0;
    if (peer.duplicateAcks >= fastAfter && peer.acknowledged && peer.lastAck == segment.sequence &&
        segment.timestamp - peer.lastAckTime < fastLimit)
        return Retransmission | FastRetransmission;
    const std::uint32_t behind = behindPayload + (segment.flags.has(TcpFlags::syn | TcpFlags::fin) ? 1 : 0);
    if (segment.timestamp - own.nextTime < (handshake_ > 0 ? handshake_ : disorderLimit) &&
        own.next != behind)
        return OutOfOrder;
    return Retransmission;
}

void SegmentJudge::judge(const Input& segment, std::size_t side, SegmentVerdict& verdict)
{
    Side &own = sides_[side], &peer = sides_[1 - side];
    const bool syn = segment.flags.has(TcpFlags::syn), ack = segment.flags.has(TcpFlags::ack);
    const bool fin = segment.flags.has(TcpFlags::fin), rst = segment.flags.has(TcpFlags::rst);
    if (syn)
        own.scale = segment.windowScale >= 0 ? segment.windowScale : notOffered;
    SegmentMarks marks = onWindowsAndAcks(segment, own, peer);
    if (ack && peer.spoke && serialDistance(segment.acknowledgment, peer.unbroken) > 0) {
        marks |= AckOfUnseen;
        peer.unbroken = segment.acknowledgment; // told once
    }
    const bool takesNumbers = segment.payload > 0 || syn || fin;
    if (takesNumbers && !(marks & KeepAlive))
        marks |= onOldNumbers(segment, own, peer);
    if (marks & DuplicateAck)
        ++own.duplicateAcks;
    else if (ack && (!own.acknowledged || segment.acknowledgment != own.lastAck))
        own.duplicateAcks = 0;

    const std::uint32_t behind = segment.sequence + segment.payload + (syn || fin ? 1 : 0);
    const bool probe = (marks & ZeroWindowProbe) != 0;
    if (!probe && !rst) {
        own.newBytes += freshBytes(segment, own);
        if (takesNumbers)
            keepWaiting(segment, own, (marks & (Retransmission | OutOfOrder | KeepAlive)) != 0);
    }
    if (!probe && (!own.spoke || serialDistance(behind, own.next) > 0)) {
        if (!own.spoke || segment.sequence == own.unbroken)
            own.unbroken = behind;
        own.next = behind;
        own.nextTime = segment.timestamp;
        own.spoke = true;
    } else if (!probe && segment.sequence == own.unbroken) {
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
    noteHandshake(segment);
    verdict.marks |= marks;
    verdict.window = scaledWindow(own);
    const std::int32_t flying = peer.acknowledged && own.spoke ? serialDistance(own.next, peer.lastAck) : 0;
    verdict.inFlight = std::max(flying, 0);
}

// Bytes of the segment that were not captured before: behind all others, or in a hole.
std::uint32_t SegmentJudge::freshBytes(const Input& segment, Side& own)
{
    const std::uint32_t begin = segment.sequence + (segment.flags.has(TcpFlags::syn) ? 1 : 0);
    const std::uint32_t end = begin + segment.payload;
    if (!own.spoke)
        return segment.payload;
    if (serialDistance(begin, own.next) > 0) {
        if (own.holes.size() == mostHoles)
            own.holes.erase(own.holes.begin());
        own.holes.push_back({own.next, begin});
    }
    if (segment.payload == 0)
        return 0;
    const std::uint32_t from = serialDistance(begin, own.next) > 0 ? begin : own.next;
    std::uint32_t fresh = serialDistance(end, from) > 0 ? end - from : 0;
    if (own.holes.empty())
        return fresh;
    std::vector<Piece> left;
    for (const Piece& hole : own.holes) {
        const std::uint32_t first = serialDistance(begin, hole.begin) > 0 ? begin : hole.begin;
        const std::uint32_t last = serialDistance(end, hole.end) < 0 ? end : hole.end;
        if (serialDistance(last, first) <= 0) {
            left.push_back(hole);
            continue;
        }
        fresh += last - first;
        if (first != hole.begin)
            left.push_back({hole.begin, first});
        if (last != hole.end)
            left.push_back({last, hole.end});
    }
    own.holes = std::move(left);
    return fresh;
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

// That of the last segment that is acknowledged, which is the one that asked for the ACK. Where it is not
// among those that wait (it was sent again, or not captured, or there were too many) the ACK says nothing of
// those before.
std::optional<std::int64_t> SegmentJudge::takeRoundTrip(const Input& segment, Side& peer)
{
    const auto first = peer.waiting.begin();
    const auto last = std::find_if(first, peer.waiting.end(), [&](const Waiting& sent) {
        return serialDistance(segment.acknowledgment, sent.behind) < 0;
    });
    if (last == first)
        return std::nullopt;
    const Waiting asked = *std::prev(last);
    peer.waiting.erase(first, last);
    if (asked.behind != segment.acknowledgment)
        return std::nullopt;
    const std::int64_t time = segment.timestamp - asked.time;
    peer.digest.add(time);
    return time;
}

void SegmentJudge::noteHandshake(const Input& segment)
{
    const bool syn = segment.flags.has(TcpFlags::syn), ack = segment.flags.has(TcpFlags::ack);
    if (syn && !ack)
        synTime_ = segment.timestamp;
    else if (!syn && ack && handshake_ == 0 && synTime_)
        handshake_ = std::max<std::int64_t>(segment.timestamp - *synTime_, 1);
}

} // namespace packetloom
