// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/simulated_flow.h"

#include <algorithm>

namespace packetloom::generator {
namespace {

constexpr std::string_view ofKind = "simulated";
constexpr std::uint32_t udpPerMillion = 110'000, pingPerMillion = 15'000, reusePerMillion = 60'000;

std::string_view hiddenName(const TcpPlan& plan)
{
    return plan.hidden[0] ? "client" : plan.hidden[1] ? "server" : plan.openingHidden ? "opening" : "none";
}

} // namespace

SimulatedFlow::SimulatedFlow(const Path& path, std::uint32_t troubledPerMillion, bool mayPing,
                             std::uint32_t pause, Random& random)
    : path_(path), troubledPerMillion_(troubledPerMillion), flow_(ofKind, path.client, path.clientPort)
{
    if (random.chance(pingPerMillion) && mayPing)
        use_ = Use::Ping;
    else if (random.chance(udpPerMillion))
        use_ = Use::Datagrams;
    if (use_ == Use::Tcp)
        beginTcp(false, pause, random);
    else
        drawDatagrams(pause, random);
}

void SimulatedFlow::beginTcp(bool reused, std::uint32_t pause, Random& random)
{
    const auto before = drawn_.isn;
    do {
        drawn_ = drawConnection(path_, random.chance(troubledPerMillion_), pause, random);
        // A new connection's numbers are beyond those of the one before (RFC 6191).
        if (reused && drawn_.plan.opening == Opening::Normal) {
            for (std::size_t side = 0; side < 2; ++side)
                drawn_.isn[side] = before[side] + random.between(70'000'000, 900'000'000);
        }
        course_ = simulate(drawn_.plan, random);
    } while (course_.seen.empty() ||
             (reused && (drawn_.plan.opening != Opening::Normal || hiddenName(drawn_.plan) != "none")));
    const Ending ending = drawn_.plan.ending;
    const bool over =
        drawn_.plan.opening == Opening::Normal && hiddenName(drawn_.plan) == "none" &&
        (ending == Ending::ByClient || ending == Ending::ByServer || ending == Ending::Simultaneous ||
         ending == Ending::ResetByClient || ending == Ending::ResetByServer);
    again_ = !reused && over && random.chance(reusePerMillion);
    next_ = 0;
    flow_ = TrueFlow(ofKind, path_.client, path_.clientPort);
    flow_.describe(openingName(drawn_.plan.opening),
                   drawn_.plan.opening == Opening::Normal ? endingName(ending) : "none",
                   hiddenName(drawn_.plan), reused);
    flow_.lose(course_.lost);
}

void SimulatedFlow::drawDatagrams(std::uint32_t pause, Random& random)
{
    const std::uint32_t roundTrip = path_.roundTrip;
    std::uint64_t time = 0;
    const auto add = [&](bool fromServer, std::uint32_t bytes, std::uint32_t later) {
        datagrams_.push_back({time, bytes, fromServer});
        time += later + 1U;
    };
    const std::uint32_t longest = std::min(2 * pause, 20'000'000U);
    if (use_ == Use::Ping) {
        path_.clientPort = path_.serverPort = 0;
        flow_ = TrueFlow(ofKind, path_.client, 0);
        for (std::uint32_t left = random.between(1, 5); left > 0; --left) {
            add(false, 56, roundTrip);
            add(true, 56, 1'000'000);
        }
        flow_.describe("none", "ping", "none", false);
        return;
    }
    const std::uint32_t dice = random.below(100);
    path_.serverPort = dice < 75 ? 53 : 443;
    if (dice < 15) {
        for (std::uint32_t left = random.between(1, 3); left > 0; --left)
            add(false, random.between(30, 60), 5'000'000);
    } else if (dice < 75) {
        add(false, random.between(30, 60), roundTrip);
        add(true, random.between(40, 400), 1);
    } else {
        for (std::uint32_t left = random.heavyTailed(10, 4); left > 0; --left) {
            const bool fromServer = random.below(4) != 0 && !datagrams_.empty();
            add(fromServer, fromServer ? random.between(600, 1250) : random.between(30, 140),
                random.below(6) == 0 ? random.below(longest + 1) : random.between(5, 300));
        }
    }
    flow_.describe("none", "datagrams", "none", false);
}

Step SimulatedFlow::advance(Packet& packet, Random& random, std::uint32_t pause)
{
    if (next_ == size()) { // and another one follows
        beginTcp(true, pause, random);
        again_ = false;
    }
    if (use_ == Use::Tcp)
        fill(packet, course_.seen[next_]);
    else
        fill(packet, datagrams_[next_]);
    ++next_;
    if (next_ < size())
        return {true, false, timeOf(next_) - timeOf(next_ - 1)};
    return {true, !again_, again_ ? random.between(100'000, 4'000'000) : 1};
}

void SimulatedFlow::captured(const Packet& packet, TruthWriter* truth)
{
    if (use_ == Use::Tcp) {
        const SeenSegment& seen = course_.seen[next_ - 1];
        const Segment& s = seen.segment;
        const TrueFlow::Stream stream{seen.fresh, s.acknowledged, s.offset + s.payload + 1};
        flow_.add(packet, &stream);
    } else {
        flow_.add(packet);
    }
    if (next_ < size())
        return;
    flow_.finished();
    if (truth != nullptr)
        truth->write(flow_);
    flow_ = TrueFlow(ofKind, path_.client, path_.clientPort);
}

void SimulatedFlow::ends(Packet& packet, bool fromServer) const
{
    packet.source = fromServer ? path_.server : path_.client;
    packet.destination = fromServer ? path_.client : path_.server;
    packet.sourcePort = fromServer ? path_.serverPort : path_.clientPort;
    packet.destinationPort = fromServer ? path_.clientPort : path_.serverPort;
    packet.copiedAfter = 0;
}

void SimulatedFlow::fill(Packet& packet, const SeenSegment& seen)
{
    const Segment& segment = seen.segment;
    const std::size_t side = seen.fromServer ? 1 : 0;
    ends(packet, seen.fromServer);
    const bool opens = (segment.flags & syn) != 0, reset = (segment.flags & rst) != 0;
    packet.protocol = tcp;
    packet.flags = segment.flags;
    packet.seq = drawn_.isn[side] + segment.offset;
    packet.ack = (segment.flags & ack) != 0 ? drawn_.isn[1 - side] + segment.acknowledged : 0;
    packet.payload = static_cast<std::uint16_t>(segment.payload);
    packet.optionBytes = !opens ? 0 : drawn_.scaled ? 8 : 4;
    packet.segmentSize = static_cast<std::int16_t>(drawn_.plan.hosts[side].segmentBytes);
    packet.windowScale = drawn_.scale[side];
    packet.window = static_cast<std::int32_t>(reset   ? 0
                                              : opens ? std::min(segment.window, 65'535U)
                                                      : segment.window >> drawn_.scale[side]);
    packet.marks = segment.marks;
    const std::uint32_t length = (path_.ipv6 ? 74U : 54U) + packet.optionBytes + segment.payload;
    packet.length = seen.fromServer ? std::max(length, 60U) : length; // as of a TcpSession
}

void SimulatedFlow::fill(Packet& packet, const Datagram& datagram)
{
    ends(packet, datagram.fromServer);
    packet.flags = 0;
    packet.seq = packet.ack = 0;
    packet.payload = 0;
    packet.protocol = use_ == Use::Ping ? icmp : udp;
    packet.length = (path_.ipv6 ? 62U : 42U) + datagram.bytes;
    if (use_ == Use::Ping) {
        packet.echo = datagram.fromServer ? 2 : 1;
        packet.reportedSourcePort = static_cast<std::uint16_t>(path_.client);
        packet.reportedDestinationPort = static_cast<std::uint16_t>(next_ / 2 + 1);
    }
}

} // namespace packetloom::generator
