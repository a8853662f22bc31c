// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/connection.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace packetloom {
namespace {

constexpr std::int64_t icmp6 = 58;
constexpr std::int64_t ethernetAndIp = 14 + 20, tcpHeader = 20, udpHeader = 8, icmpHeader = 8;
constexpr std::int64_t longestTcpHeader = 60;

// Of a packet whose payload is not known: frames without one may be this long because of options.
bool seemsToHaveData(const Packet& packet)
{
    return packet.flags.has(TcpFlags::psh) || packet.length > ethernetAndIp + longestTcpHeader;
}

// Where the input does not tell the payload.
std::int64_t estimatedPayload(const Packet& packet)
{
    if (packet.protocol == protocolTcp && !seemsToHaveData(packet))
        return 0;
    const std::int64_t header = packet.protocol == protocolTcp ? tcpHeader : udpHeader;
    return std::max<std::int64_t>(packet.length - ethernetAndIp - header, 0);
}

std::int64_t payloadOf(const Packet& packet, const PacketExtras& extras)
{
    if (extras.payload < 0)
        return estimatedPayload(packet);
    const std::int64_t own = packet.protocol == protocolIcmp || packet.protocol == icmp6 ? icmpHeader : 0;
    return std::max<std::int64_t>(extras.payload - own, 0);
}

} // namespace

void Connection::open(const ConnectionKey& key, const ExactRules& rules, const Packet& packet, bool fromHigh,
                      bool toAll)
{
    auto judged = std::move(judged_);
    std::destroy_at(this); // in place: it is large, and most flows are short
    std::construct_at(this);
    judged_ = std::move(judged);
    key_ = key;
    rules_ = &rules;
    start_ = lastTime_ = lastPacket_ = packet.timestamp;
    // Where the beginning was missed, ports tell who is the server.
    bool flip = false;
    if (isTcp() || key.protocol == protocolUdp) {
        const bool source = isLikelyServer(packet.sourcePort, key.protocol),
                   destination = isLikelyServer(packet.destinationPort, key.protocol);
        const bool syn = packet.flags.has(TcpFlags::syn);
        if (key.protocol == protocolUdp)
            flip = source && !destination;
        else if (!syn || packet.flags.has(TcpFlags::ack))
            flip = source && (!destination || (!syn && packet.sourcePort < packet.destinationPort));
    }
    flip = flip && !toAll;
    originatorIsHigh_ = fromHigh != flip;
    if (isTcp()) {
        tcp_.open(packet.timestamp, flip);
    } else if (flip) {
        tcp_.history().flip();
    }
}

TcpSegment Connection::segmentOf(const Packet& packet, const PacketExtras& extras) const
{
    const bool known = extras.payload >= 0;
    return {.timestamp = packet.timestamp,
            .sequence = static_cast<std::uint32_t>(packet.sequence),
            .acknowledgment = static_cast<std::uint32_t>(packet.acknowledgment),
            .payload = known ? static_cast<std::uint32_t>(extras.payload) : 0,
            .hasData = known ? extras.payload > 0 : seemsToHaveData(packet),
            .captured = (extras.damage & PacketExtras::PayloadCut) == 0,
            .zeroWindow = extras.window == 0,
            .flags = packet.flags};
}

std::int64_t Connection::inactivity() const
{
    switch (key_.protocol) {
    case protocolUdp:
        return rules_->udpInactivity;
    case protocolIcmp:
    case icmp6:
        return rules_->icmpInactivity;
    default:
        return rules_->otherInactivity;
    }
}

TcpConnection::Deadline Connection::deadline() const
{
    if (isTcp())
        return tcp_.deadline(*rules_);
    return {lastTime_ + inactivity(), EndReason::Inactivity};
}

bool Connection::isReuse(const Packet& packet, const PacketExtras& extras, bool fromHigh) const
{
    return tcp_.isReuse(segmentOf(packet, extras), fromHigh == originatorIsHigh_);
}

FlowCounts Connection::counts() const
{
    FlowCounts counts{.key = key_.ends,
                      .firstRow = lowestRow_,
                      .openedByHigh = openedByHigh_,
                      .packets = {},
                      .bytes = {},
                      .firstTimestamp = start_,
                      .lastTimestamp = lastPacket_};
    for (std::size_t end = 0; end < counts.packets.size(); ++end) {
        const Counts& own = counts_[(end == 1) == originatorIsHigh_ ? 0 : 1];
        counts.packets[end] = own.packets;
        counts.bytes[end] = own.wireBytes;
        if (ignored_) {
            counts.packets[end] += (*ignored_)[end].packets;
            counts.bytes[end] += (*ignored_)[end].wireBytes;
        }
    }
    return counts;
}

bool Connection::isIgnored(const PacketExtras& extras) const
{
    return rules_->checksumsCount && (extras.damage & PacketExtras::BadChecksum) != 0;
}

void Connection::ignore(const Packet& packet, bool fromHigh, bool fromOriginator)
{
    if (!ignored_)
        ignored_ = std::make_unique<std::array<Unbelieved, 2>>();
    Unbelieved& ignored = (*ignored_)[fromHigh ? 1 : 0];
    ++ignored.packets;
    ignored.wireBytes += std::max<std::int64_t>(packet.length, 0);
    if (isTcp())
        tcp_.badChecksum(fromOriginator);
    else if (key_.protocol == protocolUdp)
        tcp_.history().once('C', fromOriginator);
}

SegmentVerdict Connection::add(const Packet& packet, const PacketExtras& extras, bool fromHigh,
                               std::uint64_t row)
{
    SegmentVerdict verdict;
    verdict.fromOriginator = fromHigh == originatorIsHigh_;
    if (std::exchange(empty_, false)) {
        firstRow_ = lowestRow_ = row;
        openedByHigh_ = fromHigh;
    } else {
        longestSilence_ = std::max(longestSilence_, packet.timestamp - lastPacket_);
    }
    if (row < lowestRow_) {
        lowestRow_ = row;
        openedByHigh_ = fromHigh;
    }
    lastRow_ = row;
    lastPacket_ = packet.timestamp;
    if (isIgnored(extras)) {
        verdict.marks = Ignored;
        ignore(packet, fromHigh, verdict.fromOriginator);
        return verdict;
    }
    if (extras.payload < 0)
        measured_ = false;
    verdict.payload = payloadOf(packet, extras);
    bool hasData = verdict.payload > 0;
    if (isTcp()) {
        if (extras.payload < 0)
            hasData = seemsToHaveData(packet);
        addTcp(packet, extras, verdict);
        lastTime_ = tcp_.lastTime();
    } else {
        lastTime_ = packet.timestamp;
        if (key_.protocol == protocolUdp)
            tcp_.history().once('D', verdict.fromOriginator);
    }
    Counts& counts = counts_[verdict.fromOriginator ? 0 : 1];
    ++counts.packets;
    counts.wireBytes += std::max<std::int64_t>(packet.length, 0);
    counts.data += hasData ? 1 : 0;
    counts.payload += static_cast<std::uint64_t>(verdict.payload);
    ipBytesKnown_ = ipBytesKnown_ && extras.ipBytes >= 0;
    counts.ipBytes += static_cast<std::uint64_t>(std::max(extras.ipBytes, 0));
    windowsKnown_ = windowsKnown_ && extras.window >= 0;
    if (isJudged_ && verdict.marks != 0)
        count(verdict, judged_->marks[verdict.fromOriginator ? 0 : 1]);
    if (hasData)
        noteData(packet.timestamp, verdict.fromOriginator);
    return verdict;
}

void Connection::addTcp(const Packet& packet, const PacketExtras& extras, SegmentVerdict& verdict)
{
    const TcpSegment segment = segmentOf(packet, extras);
    noteHandshake(packet, verdict.fromOriginator);
    if (tcp_.take(segment, verdict.fromOriginator, measured_)) {
        flip();
        verdict.fromOriginator = !verdict.fromOriginator;
    }
    noteCompleteness(packet, segment.hasData);
    verdict.relativeSequence = tcp_.relativeSequence();
    verdict.relativeAcknowledgment = tcp_.relativeAcknowledgment();
    if (!measured_)
        return;
    const bool sideIsHigh = verdict.fromOriginator == originatorIsHigh_;
    judged().segments.judge({.timestamp = packet.timestamp,
                             .sequence = segment.sequence,
                             .acknowledgment = segment.acknowledgment,
                             .payload = segment.payload,
                             .window = extras.window,
                             .windowScale = extras.windowScale,
                             .flags = packet.flags},
                            sideIsHigh ? 1 : 0, verdict);
}

// Made when there is something to judge: of a table of packets there is not.
Connection::Judged& Connection::judged()
{
    if (!judged_) {
        judged_ = std::make_unique<Judged>();
    } else if (!isJudged_) {
        judged_->segments.clear();
        judged_->marks = {};
    }
    isJudged_ = true;
    return *judged_;
}

void Connection::noteHandshake(const Packet& packet, bool fromOriginator)
{
    Handshake& tcp = handshake_;
    const bool syn = packet.flags.has(TcpFlags::syn), ack = packet.flags.has(TcpFlags::ack);
    if (syn && !ack && fromOriginator && !tcp.synAck) {
        tcp.syn = packet.timestamp;
    } else if (syn && ack && !fromOriginator && !tcp.ack) {
        if (tcp.syn && !tcp.synToSynAck)
            tcp.synToSynAck = packet.timestamp - *tcp.syn;
        tcp.synAck = packet.timestamp;
    } else if (!syn && ack && fromOriginator && tcp.synAck && !tcp.ack && !packet.flags.has(TcpFlags::rst) &&
               static_cast<std::uint32_t>(packet.acknowledgment) ==
                   tcp_.end(ExactFlow::responder).first + 1) {
        tcp.ack = packet.timestamp;
        tcp.synAckToAck = packet.timestamp - *tcp.synAck;
    }
}

void Connection::noteCompleteness(const Packet& packet, bool hasData)
{
    std::uint8_t& seen = completeness_;
    const bool syn = packet.flags.has(TcpFlags::syn), ack = packet.flags.has(TcpFlags::ack);
    if (syn)
        seen |= ack ? SeenSynAck : SeenSyn;
    else if (ack && !hasData)
        seen |= SeenAck;
    if (hasData && (ack || syn))
        seen |= SeenData;
    if (packet.flags.has(TcpFlags::fin) && ack)
        seen |= SeenFin;
    if (packet.flags.has(TcpFlags::rst))
        seen |= SeenRst;
}

void Connection::count(const SegmentVerdict& verdict, Marks& counts)
{
    const auto note = [&](SegmentMarks mark, std::uint32_t& counter) {
        counter += (verdict.marks & mark) != 0 ? 1 : 0;
    };
    note(Retransmission, counts.retransmissions);
    note(FastRetransmission, counts.fast);
    note(SpuriousRetransmission, counts.spurious);
    note(OutOfOrder, counts.outOfOrder);
    note(GapBefore, counts.gaps);
    note(DuplicateAck, counts.duplicateAcks);
    note(ZeroWindow, counts.zeroWindows);
    note(WindowFull, counts.windowFull);
    note(KeepAlive, counts.keepAlives);
}

void Connection::noteData(std::int64_t time, bool fromOriginator)
{
    if (fromOriginator && !request_)
        request_ = time;
    else if (!fromOriginator && request_ && !firstResponse_)
        firstResponse_ = time - *request_;
}

void Connection::flip()
{
    originatorIsHigh_ = !originatorIsHigh_;
    std::swap(counts_[0], counts_[1]);
    if (isJudged_)
        std::swap(judged_->marks[0], judged_->marks[1]);
    request_.reset(); // what was taken for a request was an answer
}

ConnState Connection::state() const
{
    if (isTcp())
        return tcp_.state();
    if (key_.protocol != protocolUdp)
        return ConnState::Oth;
    const bool asked = counts_[0].packets > 0, answered = counts_[1].packets > 0;
    if (asked)
        return answered ? ConnState::SF : ConnState::S0;
    return answered ? ConnState::SHR : ConnState::Oth;
}

ExactFlow Connection::flow(EndReason ending) const
{
    ExactFlow flow;
    flow.key = key_.ends;
    flow.protocol = key_.protocol;
    flow.originatorIsHigh = originatorIsHigh_;
    flow.state = state();
    flow.ending = ending;
    flow.history = tcp_.history().text();
    flow.start = start_;
    flow.end = lastTime_;
    flow.lastPacket = lastPacket_;
    flow.firstRow = firstRow_;
    flow.lastRow = lastRow_;
    for (const WideSum& bytes : counts().bytes)
        flow.wireBytes += static_cast<std::uint64_t>(bytes.clamped());
    flow.firstResponse = firstResponse_.get();
    flow.longestSilence = longestSilence_;
    flow.estimated = !measured_;
    for (std::size_t i = 0; i < flow.sides.size(); ++i) {
        const Counts& counts = counts_[i];
        FlowSide& side = flow.sides[i];
        side.packets = counts.packets;
        side.wireBytes = static_cast<std::uint64_t>(counts.wireBytes.clamped());
        if (ipBytesKnown_)
            side.ipBytes = counts.ipBytes;
        side.payload = counts.payload;
        side.dataPackets = counts.data;
        if (!isTcp()) {
            if (measured_)
                side.goodput = counts.payload;
            side.bytes = counts.payload;
            side.missedBytes = 0;
            continue;
        }
        const TcpEndpoint& end = tcp_.end(i);
        side.bytes = tcp_.bytes(i);
        if (end.state != TcpEndpoint::State::Inactive)
            side.firstSequence = end.first;
        if (!measured_)
            continue;
        const std::size_t judged = (i == ExactFlow::originator) == originatorIsHigh_ ? 1 : 0;
        const Marks marks = isJudged_ ? judged_->marks[i] : Marks();
        side.missedBytes = end.missed;
        side.goodput = isJudged_ ? judged_->segments.newBytes(judged) : 0;
        side.retransmissions = marks.retransmissions;
        side.fastRetransmissions = marks.fast;
        side.spuriousRetransmissions = marks.spurious;
        side.outOfOrder = marks.outOfOrder;
        side.gaps = marks.gaps;
        side.duplicateAcks = marks.duplicateAcks;
        side.keepAlives = marks.keepAlives;
        if (windowsKnown_) {
            side.zeroWindows = marks.zeroWindows;
            side.windowFull = marks.windowFull;
        }
        flow.roundTrips[i] = isJudged_ ? judged_->segments.roundTrips(judged) : RoundTrips();
    }
    if (isTcp()) {
        flow.completeness = completeness_;
        flow.synToSynAck = handshake_.synToSynAck.get();
        flow.synAckToAck = handshake_.synAckToAck.get();
    }
    return flow;
}

} // namespace packetloom
