// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/tcp_session.h"

#include <algorithm>

namespace packetloom::generator {

namespace {

constexpr std::uint32_t secondMicros = 1'000'000;

} // namespace

void TcpSession::put(Packet& packet, const Sent& sent, std::uint32_t ackNumber) const
{
    const bool ofServer = sent.fromServer;
    packet.source = ofServer ? path_.server : path_.client;
    packet.destination = ofServer ? path_.client : path_.server;
    packet.sourcePort = ofServer ? path_.serverPort : path_.clientPort;
    packet.destinationPort = ofServer ? path_.clientPort : path_.serverPort;
    packet.flags = sent.flags;
    packet.seq = sent.seq;
    packet.ack = ackNumber;
    packet.protocol = tcp;
    packet.copiedAfter = sent.copiedAfter;

    const bool opening = (sent.flags & syn) != 0, reset = (sent.flags & rst) != 0;
    const std::uint32_t options = reset ? 0 : opening ? (timestamps_ ? 20 : 12) : timestamps_ ? 12 : 0;
    const std::uint32_t length = (path_.ipv6 ? 74U : 54U) + options + sent.payload;
    packet.optionBytes = static_cast<std::uint8_t>(options);
    packet.payload = sent.payload;
    // What comes from the wire was padded to Ethernet's minimum; what the client sends is seen before that.
    packet.length = ofServer ? std::max(length, 60U) : length;
}

void TcpSession::answer(Packet& packet, std::uint16_t flags, bool fromServer) const
{
    put(packet, {side(fromServer).next, flags, 0, fromServer}, side(!fromServer).next);
}

void TcpSession::sendSyn(Packet& packet, Random& random)
{
    const auto flags = static_cast<std::uint16_t>(congestionBits_ ? syn | ece | cwr : syn);
    const Sent sent{client_.next, flags, 0, false};
    put(packet, sent, 0);
    ++client_.next;
    if (fate_ == Fate::Refused) {
        resetByServer_ = resetAcks_ = true;
        go(At::Reset, turn(true, random));
    } else if (fate_ == Fate::Reset && cutAfter_ == 0 && random.chance(300'000)) {
        resetByServer_ = resetAcks_ = false; // the client gives up
        go(At::Reset, turn(true, random));
    } else {
        go(At::SynAck, turn(true, random));
        if (random.chance(8'000))
            repeatLater(sent, secondMicros + random.below(2000));
    }
}

void TcpSession::sendSynAck(Packet& packet, Random& random)
{
    const auto flags = static_cast<std::uint16_t>(congestionBits_ ? syn | ack | ece : syn | ack);
    const Sent sent{server_.next, flags, 0, true};
    const std::uint32_t wrong = client_.next + random.between(1, 5000);
    put(packet, sent, fault_ == Fault::SynAckNumber ? wrong : client_.next);
    ++server_.next;
    if (fault_ == Fault::SynAckNumber) {
        client_.next = packet.ack;
        resetByServer_ = resetAcks_ = false;
        go(At::Reset, turn(false, random));
    } else if (fate_ == Fate::Reset && cutAfter_ == 0) {
        resetByServer_ = false;
        go(At::Reset, turn(false, random));
    } else if (fault_ == Fault::NoAck) {
        go(At::End, 1);
        if (tries_ > 0)
            repeatLater(sent, secondMicros + random.below(3000));
    } else {
        go(At::HandshakeAck, turn(false, random));
    }
}

void TcpSession::sendHandshakeAck(Packet& packet, Random& random)
{
    const std::uint32_t shift = random.between(1, 1500);
    const std::uint32_t seq = client_.next + (fault_ == Fault::AckSequence ? shift : 0);
    put(packet, {seq, ack, 0, false}, server_.next + (fault_ == Fault::AckNumber ? shift : 0));
    beginRequest(random);
    go(At::Segment, random.between(30, 1500));
    if (fault_ == Fault::AckNumber || fault_ == Fault::AckSequence) {
        resetByServer_ = true;
        if (random.chance(700'000))
            go(At::Reset, turn(true, random));
    }
}

std::uint16_t TcpSession::segmentFlags(bool last, Random& random) const
{
    auto flags = static_cast<std::uint16_t>(last || random.below(16) == 0 ? psh | ack : ack);
    if (congestionBits_ && random.below(50) == 0)
        flags = static_cast<std::uint16_t>(flags | (random.below(2) == 0 ? ece : cwr));
    if (!fromServer_ && last && random.chance(2'000))
        flags = static_cast<std::uint16_t>(flags | urg);
    return flags;
}

void TcpSession::sendSegment(Packet& packet, Random& random)
{
    Side& sender = side(fromServer_);
    if (late_.payload > 0) { // overtaken before
        put(packet, late_, side(!fromServer_).next);
        packet.marks |= overtaken;
        late_.payload = 0;
        go(At::SegmentAck, turn(!fromServer_, random));
        return;
    }
    auto bytes = static_cast<std::uint16_t>(std::min<std::uint32_t>(left_, segmentBytes_));
    left_ -= bytes;
    Sent sent{sender.next, segmentFlags(left_ == 0, random), bytes, fromServer_};
    sender.next += bytes;
    if (left_ > 0 && random.chance(disturbances_.outOfOrder)) {
        late_ = sent;
        bytes = static_cast<std::uint16_t>(std::min<std::uint32_t>(left_, segmentBytes_));
        left_ -= bytes;
        sent = {sender.next, segmentFlags(left_ == 0, random), bytes, fromServer_};
        sender.next += bytes;
    }
    put(packet, sent, side(!fromServer_).next);
    ++inWindow_;
    if (late_.payload > 0) {
        go(At::LateAck, random.between(5, 200));
        return;
    }
    ++unacknowledged_;
    if (left_ == 0 || (!fromServer_ && inWindow_ >= window_))
        go(At::SegmentAck, turn(!fromServer_, random));
    else if (fromServer_ && unacknowledged_ >= 2)
        go(At::SegmentAck, random.between(5, 60));
    else // what the far end acknowledges is seen a round trip later
        go(At::Segment, random.between(2, 40));
    if (random.chance(disturbances_.duplicate)) // seen twice, or sent again after a loss behind the capture
        repeatLater(sent, random.below(2) == 0 ? random.between(1, latestCopy) : 200'000 + path_.roundTrip);
    if (cutAfter_ > 0 && --cutAfter_ == 0)
        go(At::Reset, turn(resetByServer_, random));
}

void TcpSession::sendSegmentAck(Packet& packet, Random& random)
{
    const bool echo = congestionBits_ && random.below(40) == 0;
    answer(packet, static_cast<std::uint16_t>(echo ? ack | ece : ack), !fromServer_);
    unacknowledged_ = 0;
    if (left_ == 0) {
        afterMessage(random);
    } else if (inWindow_ >= window_) {
        inWindow_ = 0;
        window_ = static_cast<std::uint16_t>(std::min(window_ + window_ / 2, 44));
        const std::uint32_t resting = paced_ ? idle(random) / 2 : 0;
        go(At::Segment, turn(fromServer_, random) + resting);
    } else {
        go(At::Segment, random.between(3, 120));
    }
}

void TcpSession::sendKeepAlive(Packet& packet, Random& random)
{
    if (at_ == At::KeepAlive) {
        put(packet, {client_.next - 1, ack, 1, false}, server_.next);
        go(At::KeepAliveAck, turn(true, random));
        return;
    }
    answer(packet, ack, true);
    --keepAlives_;
    if (keepAlives_ > 0)
        go(At::KeepAlive, idle(random) + pause_);
    else
        go(close_ == Close::Never ? At::End : At::Fin, idle(random) + 1);
}

void TcpSession::sendFin(Packet& packet, Random& random)
{
    const bool closer = at_ == At::Fin || at_ == At::PeerFinAck;
    const bool ofServer = closer == serverCloses_;
    if (at_ == At::FinAck || at_ == At::PeerFinAck) {
        answer(packet, ack, ofServer);
        go(at_ == At::FinAck ? At::PeerFin : At::End, random.between(40, 4000));
        return;
    }
    const std::uint16_t payload = at_ == At::Fin && close_ == Close::WithData ? 31 : 0;
    const auto flags = static_cast<std::uint16_t>(payload > 0 ? fin | psh | ack : fin | ack);
    put(packet, {side(ofServer).next, flags, payload, ofServer}, side(!ofServer).next);
    side(ofServer).next += payload + 1U;
    if (at_ == At::PeerFin) {
        go(At::PeerFinAck, turn(serverCloses_, random));
    } else if (close_ == Close::ThenReset) {
        resetByServer_ = random.below(2) == 0;
        resetAcks_ = random.below(2) == 0;
        go(At::Reset, turn(resetByServer_, random));
    } else if (close_ == Close::Unanswered) {
        go(At::End, 1);
    } else {
        go(close_ == Close::ThreeWay ? At::PeerFin : At::FinAck, turn(!serverCloses_, random));
    }
}

void TcpSession::sendReset(Packet& packet, Random& random)
{
    if (fate_ == Fate::Refused) { // nobody listens: there is no sequence number to send from
        put(packet, {0, rst | ack, 0, true}, client_.next);
        if (tries_ > 0) {
            --tries_;
            --client_.next;
            go(At::Syn, secondMicros / 2 + random.below(20'000));
            return;
        }
    } else if (resetAcks_) {
        answer(packet, rst | ack, resetByServer_);
    } else {
        put(packet, {side(resetByServer_).next, rst, 0, resetByServer_}, 0);
        if (random.below(8) == 0)
            return go(At::Reset, random.between(10, 400));
    }
    go(At::End, 1);
}

void TcpSession::sendRepeat(Packet& packet, Random&)
{
    put(packet, repeat_, (repeat_.flags & ack) != 0 ? side(!repeat_.fromServer).next : 0);
    packet.marks |= repeat_.copiedAfter > 0 ? seenTwice : afterTimeout;
    go(resume_, resumeDelay_);
}

} // namespace packetloom::generator
