// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/tcp_session.h"

#include <algorithm>
#include <utility>

// The choices of a connection and its course; what each packet looks like is in tcp_session_packets.cpp.

namespace packetloom::generator {

TcpSession::TcpSession(Fate fate, const Path& path, const Disturbances& disturbances,
                       std::uint32_t longTransfers, Random& random)
    : path_(path),
      disturbances_(disturbances),
      client_{random.next32()},
      server_{random.next32()},
      fate_(fate),
      timestamps_(random.chance(650'000)),
      congestionBits_(random.chance(40'000))
{
    segmentBytes_ = timestamps_ ? 1448 : 1460;
    if (path.ipv6)
        segmentBytes_ = static_cast<std::uint16_t>(segmentBytes_ - 20);
    draw(longTransfers, random);
}

void TcpSession::draw(std::uint32_t longTransfers, Random& random)
{
    requests_ = std::min(6U, random.heavyTailed(1, 2));
    requestBytes_ = 250;
    responseBytes_ = 1200;
    if (random.chance(40'000))
        keepAlives_ = static_cast<std::uint8_t>(random.between(1, 3));
    const std::uint32_t ending = random.below(100);
    close_ = ending < 45   ? Close::FourWay
             : ending < 75 ? Close::ThreeWay
             : ending < 85 ? Close::WithData
             : ending < 96 ? Close::ThenReset
                           : Close::Unanswered;
    serverCloses_ = random.chance(350'000);

    switch (fate_) {
    case Fate::Web:
        break;
    case Fate::Long:
        requests_ = longTransfers;
        paced_ = true;
        responseBytes_ = random.heavyTailed(150'000, 5);
        if (random.chance(250'000))
            std::swap(requestBytes_, responseBytes_); // an upload
        break;
    case Fate::Refused:
        tries_ = static_cast<std::uint8_t>(random.below(3));
        break;
    case Fate::Reset:
        // A third of them in the handshake (half-open probes, load balancers), the rest among the data.
        cutAfter_ = random.chance(330'000) ? 0 : random.heavyTailed(2, 4);
        resetByServer_ = random.chance(500'000);
        resetAcks_ = random.chance(500'000);
        break;
    case Fate::OneWay:
        hideServer_ = random.chance(500'000);
        hideClient_ = !hideServer_;
        break;
    case Fate::Ongoing:
        if (random.chance(500'000)) {
            beginRequest(random);
            if (random.chance(300'000))
                close_ = Close::Never;
        } else {
            close_ = Close::Never;
        }
        break;
    case Fate::BadHandshake:
        drawFault(random);
        break;
    }
}

void TcpSession::drawFault(Random& random)
{
    fault_ = static_cast<Fault>(random.between(1, 5));
    if (fault_ == Fault::SynAckWrapped) // the right answer to it has acknowledgment number 0
        client_.next = 0xFFFFFFFFU;
    tries_ = static_cast<std::uint8_t>(random.below(3));
}

Step TcpSession::advance(Packet& packet, Random& random, std::uint32_t pause)
{
    pause_ = pause;
    bool ofServer = false;
    switch (at_) {
    case At::Syn:
        sendSyn(packet, random);
        break;
    case At::SynAck:
        ofServer = true;
        sendSynAck(packet, random);
        break;
    case At::HandshakeAck:
        sendHandshakeAck(packet, random);
        break;
    case At::Segment:
        ofServer = fromServer_;
        sendSegment(packet, random);
        break;
    case At::LateAck:
        ofServer = !fromServer_;
        put(packet, {side(ofServer).next, ack, 0, ofServer}, late_.seq);
        go(At::Segment, random.between(5, 900));
        break;
    case At::SegmentAck:
        ofServer = !fromServer_;
        sendSegmentAck(packet, random);
        break;
    case At::KeepAlive:
    case At::KeepAliveAck:
        ofServer = at_ == At::KeepAliveAck;
        sendKeepAlive(packet, random);
        break;
    case At::Fin:
    case At::FinAck:
    case At::PeerFin:
    case At::PeerFinAck:
        ofServer = (at_ == At::Fin || at_ == At::PeerFinAck) == serverCloses_;
        sendFin(packet, random);
        break;
    case At::Reset:
        ofServer = resetByServer_;
        sendReset(packet, random);
        break;
    case At::Repeat:
        ofServer = repeat_.fromServer;
        sendRepeat(packet, random);
        break;
    case At::End:
        return {false, true, 1};
    }
    return {!(ofServer ? hideServer_ : hideClient_), at_ == At::End, delay_};
}

void TcpSession::beginRequest(Random& random)
{
    fromServer_ = false;
    left_ = random.heavyTailed(requestBytes_ / 2, 2) + 40;
    window_ = 10;
    inWindow_ = 0;
    at_ = At::Segment;
}

void TcpSession::afterMessage(Random& random)
{
    if (!fromServer_) {
        fromServer_ = true;
        left_ = paced_ ? responseBytes_ : random.heavyTailed(responseBytes_ / 2, 5);
        inWindow_ = 0;
        const std::uint32_t thinking = random.below(20'000);
        go(At::Segment, turn(true, random) + thinking);
        return;
    }
    if (requests_ > 1) {
        --requests_;
        beginRequest(random);
        go(At::Segment, idle(random));
    } else if (keepAlives_ > 0) {
        go(At::KeepAlive, idle(random));
    } else {
        const std::uint32_t lingering = idle(random) / 4;
        go(close_ == Close::Never ? At::End : At::Fin, turn(serverCloses_, random) + lingering);
    }
}

void TcpSession::repeatLater(const Sent& sent, std::uint32_t delay)
{
    repeat_ = sent;
    repeat_.copiedAfter = static_cast<std::uint16_t>(delay <= latestCopy ? delay : 0);
    resume_ = at_;
    resumeDelay_ = delay_;
    go(At::Repeat, delay);
}

std::uint32_t TcpSession::turn(bool ofServer, Random& random) const
{
    if (!ofServer)
        return random.between(20, 300);
    return path_.roundTrip + random.below(path_.roundTrip / 8 + 1);
}

std::uint32_t TcpSession::idle(Random& random) const
{
    return random.below(2 * pause_) + 1;
}

} // namespace packetloom::generator
