// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/probes.h"

#include <algorithm>
#include <array>

namespace packetloom::generator {
namespace {

/// What a probe or its answer has beside the row: in IPv4 the one option of a SYN.
void setFrame(Packet& packet, bool ipv6)
{
    packet.optionBytes = !ipv6 && (packet.flags & syn) != 0 ? 4 : 0;
    packet.payload = 0;
    packet.copiedAfter = 0;
}

} // namespace

PortScan::PortScan(const Path& path, Random& random)
    : path_(path),
      seq_(random.next32()),
      serverSeq_(random.next32()),
      firstPort_(static_cast<std::uint16_t>(random.below(3) == 0 ? random.below(60'000) : 0)),
      gap_(random.heavyTailed(300, 8))
{
    constexpr std::array<std::uint16_t, 10> techniques{syn, syn, syn, syn, syn, syn, fin, 0, fin | psh | urg,
                                                       ack};
    flags_ = techniques[random.below(techniques.size())];
}

std::uint16_t PortScan::port() const
{
    constexpr std::array<std::uint16_t, 30> known{21,   22,   23,   25,   53,   80,   81,   88,   110,  111,
                                                  135,  139,  143,  389,  443,  445,  465,  587,  993,  995,
                                                  1433, 1521, 1723, 3306, 3389, 5432, 5900, 6379, 8080, 8443};
    const std::uint32_t i = probes - left_;
    if (firstPort_ == 0 && i < known.size())
        return known[i];
    return static_cast<std::uint16_t>(firstPort_ + i + 1);
}

void PortScan::put(Packet& packet, bool ofServer, std::uint32_t flags, std::uint32_t seq,
                   std::uint32_t ackNumber) const
{
    packet.source = ofServer ? path_.server : path_.client;
    packet.destination = ofServer ? path_.client : path_.server;
    packet.sourcePort = ofServer ? port() : path_.clientPort;
    packet.destinationPort = ofServer ? path_.clientPort : port();
    packet.flags = static_cast<std::uint16_t>(flags);
    packet.seq = seq;
    packet.ack = ackNumber;
    packet.length = path_.ipv6 ? 74 : (flags & syn) != 0 ? 58 : 54;
    if (ofServer)
        packet.length = std::max(packet.length, 60U);
    packet.protocol = tcp;
    setFrame(packet, path_.ipv6);
}

Step PortScan::advance(Packet& packet, Random& random)
{
    const auto nextProbe = [&](At next, std::uint32_t delay) {
        at_ = next;
        if (next == At::Probe)
            --left_;
        return Step{true, left_ == 0, delay};
    };
    const std::uint32_t reply = path_.roundTrip + random.below(path_.roundTrip / 8 + 1);
    switch (at_) {
    case At::Probe: {
        put(packet, false, flags_, seq_, (flags_ & ack) != 0 ? serverSeq_ : 0);
        const std::uint32_t dice = random.below(100);
        if (dice < 15)
            return nextProbe(At::Probe, gap_ + random.below(gap_));
        // An open port is silent about anything but a SYN.
        if (dice < 22)
            return nextProbe((flags_ & syn) != 0 ? At::Acceptance : At::Probe, reply);
        return nextProbe(At::Refusal, reply);
    }
    case At::Refusal:
        if ((flags_ & ack) != 0)
            put(packet, true, rst, serverSeq_, 0);
        else
            put(packet, true, rst | ack, 0, seq_ + ((flags_ & (syn | fin)) != 0 ? 1 : 0));
        break;
    case At::Acceptance:
        put(packet, true, syn | ack, serverSeq_ += 64'000, seq_ + 1);
        return nextProbe(At::Abandon, random.between(20, 200));
    case At::Abandon:
        put(packet, false, rst, seq_ + 1, 0);
        break;
    }
    return nextProbe(At::Probe, gap_ + random.below(gap_));
}

Step SweepProbe::advance(Packet& packet, Random& random)
{
    if (!answer_)
        seq_ = random.next32();
    packet.source = answer_ ? path_.server : path_.client;
    packet.destination = answer_ ? path_.client : path_.server;
    packet.sourcePort = answer_ ? path_.serverPort : path_.clientPort;
    packet.destinationPort = answer_ ? path_.clientPort : path_.serverPort;
    packet.flags = answer_ ? rst | ack : syn;
    packet.seq = answer_ ? 0 : seq_;
    packet.ack = answer_ ? seq_ + 1 : 0;
    packet.length = path_.ipv6 ? 74 : answer_ ? 60 : 58;
    packet.protocol = tcp;
    setFrame(packet, path_.ipv6);
    answer_ = !answer_ && random.chance(850'000);
    return {true, !answer_, path_.roundTrip};
}

SynFlood::SynFlood(const Path& path, Random& random) : path_(path), seq_(random.next32()) {}

Step SynFlood::advance(Packet& packet, HostPool& hosts, Random& random)
{
    if (!answer_) {
        path_.client = hosts.spoofedSource(random);
        path_.clientPort = static_cast<std::uint16_t>(random.between(1024, 65'535));
        seq_ = random.next32();
    }
    packet.source = answer_ ? path_.server : path_.client;
    packet.destination = answer_ ? path_.client : path_.server;
    packet.sourcePort = answer_ ? path_.serverPort : path_.clientPort;
    packet.destinationPort = answer_ ? path_.clientPort : path_.serverPort;
    packet.flags = answer_ ? syn | ack : syn;
    packet.seq = answer_ ? random.next32() : seq_;
    packet.ack = answer_ ? seq_ + 1 : 0;
    packet.length = 60;
    packet.protocol = tcp;
    setFrame(packet, false);
    answer_ = !answer_ && random.chance(120'000);
    --left_;
    return {true, left_ == 0, random.between(10, 400)};
}

UdpExchange::UdpExchange(const Path& path, Random& random) : path_(path)
{
    const std::uint32_t dice = random.below(100);
    use_ = dice < 70 ? Use::Query : dice < 85 ? Use::Stream : dice < 95 ? Use::Messages : Use::Closed;
    switch (use_) {
    case Use::Query:
        path_.serverPort = random.below(8) == 0 ? 123 : 53;
        left_ = 2;
        break;
    case Use::Stream:
        path_.serverPort = 443;
        left_ = random.heavyTailed(12, 4);
        break;
    case Use::Messages:
        path_.serverPort = 514;
        left_ = random.between(1, 6);
        break;
    case Use::Closed:
    default:
        path_.serverPort = static_cast<std::uint16_t>(random.between(33'434, 33'523)); // traceroute's
        left_ = 2;
    }
}

Step UdpExchange::advance(Packet& packet, Random& random, std::uint32_t pause)
{
    packet.source = fromServer_ ? path_.server : path_.client;
    packet.destination = fromServer_ ? path_.client : path_.server;
    packet.sourcePort = fromServer_ ? path_.serverPort : path_.clientPort;
    packet.destinationPort = fromServer_ ? path_.clientPort : path_.serverPort;
    packet.flags = 0;
    packet.seq = 0;
    packet.ack = 0;
    packet.protocol = udp;
    packet.copiedAfter = 0;
    packet.length = random.between(70, fromServer_ ? 320 : 110);
    std::uint32_t delay = path_.roundTrip + random.below(path_.roundTrip / 8 + 1);
    if (use_ == Use::Stream) {
        packet.length = fromServer_ ? random.between(600, 1292) : random.between(75, 180);
        fromServer_ = random.below(4) != 0;
        delay = random.below(5) == 0 ? delay + random.below(pause / 2 + 1) : random.between(5, 300);
    } else if (use_ == Use::Messages) {
        delay = random.below(2 * pause) + 1;
    } else {
        if (use_ == Use::Closed && fromServer_) {
            packet.protocol = icmp;
            packet.reportedSourcePort = path_.clientPort;
            packet.reportedDestinationPort = path_.serverPort;
            packet.sourcePort = packet.destinationPort = 0;
            packet.length = 98;
        }
        fromServer_ = true;
    }
    --left_;
    return {true, left_ == 0, std::max(delay, 1U)};
}

} // namespace packetloom::generator
