// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/truth.h"

#include <algorithm>

namespace packetloom::generator {
namespace {

constexpr std::array<std::string_view, 16> markNames{
    "rtx_timeout",    "rtx_fast", "rtx_recovery", "twice",  "rtx_unseen",  "rtx_needless", "overtaken",
    "gaps",           "dup_acks", "zero_windows", "probes", "window_full", "keep_alives",  "keep_alive_acks",
    "window_updates", "looks_new"};

void member(std::string& json, std::string_view name, std::string_view value, bool text = false)
{
    json += json.size() > 1 ? ",\"" : "\"";
    json += name;
    json += text ? "\":\"" : "\":";
    json += value;
    json += text ? "\"" : "";
}

template <class Number>
void number(std::string& json, std::string_view name, Number value)
{
    member(json, name, std::to_string(value));
}

void between(std::string& json, std::string_view name, const std::optional<std::uint64_t>& from,
             const std::optional<std::uint64_t>& to)
{
    member(json, name, from && to ? std::to_string(*to - *from) : "null");
}

} // namespace

bool TrueFlow::holds(const Packet& packet) const
{
    if (packet.protocol != protocol_)
        return false;
    const bool there = packet.source == originator_ && packet.destination == other_ &&
                       packet.sourcePort == port_ && packet.destinationPort == otherPort_;
    return there || (packet.source == other_ && packet.destination == originator_ &&
                     packet.sourcePort == otherPort_ && packet.destinationPort == port_);
}

void TrueFlow::describe(std::string_view opening, std::string_view ending, std::string_view hidden,
                        bool reused)
{
    opening_ = opening;
    ending_ = ending;
    hidden_ = hidden;
    reused_ = reused;
}

void TrueFlow::add(const Packet& packet, const Stream* stream)
{
    const bool ofOriginator = packet.source == originator_ && packet.sourcePort == port_;
    if (empty()) {
        first_ = packet.time;
        protocol_ = packet.protocol;
        other_ = ofOriginator ? packet.destination : packet.source;
        otherPort_ = ofOriginator ? packet.destinationPort : packet.sourcePort;
        icmpType_ = packet.echo != 0 ? 8 : 3;
    }
    last_ = std::max(last_, packet.time);
    const std::size_t from = ofOriginator ? 0 : 1;
    Side& side = sides_[from];
    ++side.packets;
    const bool ofTcp = packet.protocol == tcp;
    const bool sentAgain = (packet.marks & (afterTimeout | afterAcks | inRecovery | seenTwice)) != 0;
    if (ofTcp) {
        side.payload += packet.payload;
        side.dataPackets += packet.payload > 0 ? 1U : 0U;
        side.fresh += stream != nullptr ? stream->fresh : sentAgain ? 0U : packet.payload;
    }
    for (std::size_t bit = 0; bit < side.marks.size(); ++bit)
        side.marks[bit] += packet.marks >> bit & 1U;
    if (!ofTcp)
        return;
    const bool opens = (packet.flags & syn) != 0, acks = (packet.flags & ack) != 0;
    if (opens)
        side.isn = packet.seq;
    side.syn = side.syn || (opens && !acks);
    side.synAck = side.synAck || (opens && acks);
    if (opens && !acks && from == 0 && !synAck_)
        syn_ = packet.time;
    if (opens && acks && from == 1 && !ack_) {
        synAck_ = synAck_ ? synAck_ : packet.time;
        lastSynAck_ = packet.time;
    }
    if (!opens && acks && from == 0 && synAck_ && !ack_ && (packet.flags & rst) == 0)
        ack_ = packet.time;
    const bool bothClosed = sides_[0].fin && sides_[1].fin;
    side.fin = side.fin || (packet.flags & fin) != 0;
    if (!bothClosed && sides_[0].fin && sides_[1].fin && resetBy_ < 0)
        closedAt_ = packet.time;
    if ((packet.flags & rst) != 0) {
        side.rst = true;
        if (resetBy_ < 0) {
            resetBy_ = static_cast<int>(from);
            closedAt_ = closedAt_ == 0 ? packet.time : closedAt_;
        }
    }
    if (stream != nullptr) {
        sides_[1 - from].acknowledged = std::max(sides_[1 - from].acknowledged, stream->acknowledged);
        if ((packet.flags & fin) != 0)
            side.finEnd = stream->end;
    }
}

std::string_view TrueFlow::close() const
{
    const Side &from = sides_[0], &to = sides_[1];
    if (protocol_ != tcp)
        return from.packets > 0 && to.packets > 0 ? "exchange" : "one_way";
    if (from.syn && !to.synAck && resetBy_ == 1 && from.dataPackets == 0)
        return "rejected";
    if (from.fin && to.fin)
        return "closed";
    if (resetBy_ >= 0)
        return resetBy_ == 0 ? (to.packets == 0 ? "given_up" : "reset_by_originator") : "reset_by_responder";
    if (from.fin || to.fin)
        return from.fin ? "half_closed_by_originator" : "half_closed_by_responder";
    if (from.syn && to.packets == 0 && from.dataPackets == 0)
        return "unanswered";
    if (from.syn && to.synAck && !ack_)
        return "half_open";
    return "open";
}

void TrueFlow::side(std::string& json, std::string_view name, std::size_t index) const
{
    const Side& side = sides_.at(index);
    const std::string prefix = std::string(name) + '_';
    number(json, prefix + "packets", side.packets);
    if (protocol_ != tcp)
        return;
    member(json, prefix + "isn", side.isn < 0 ? "null" : std::to_string(side.isn));
    number(json, prefix + "payload", side.payload);
    number(json, prefix + "fresh", side.fresh);
    const std::uint32_t acknowledged =
        side.finEnd > 0 ? std::min(side.acknowledged, side.finEnd - 1) : side.acknowledged;
    number(json, prefix + "acknowledged", acknowledged > 0 ? acknowledged - 1 : 0);
    number(json, prefix + "data_packets", side.dataPackets);
    number(json, prefix + "lost", lost_.at(index));
    member(json, prefix + "fin", side.fin ? "true" : "false");
    for (std::size_t bit = 0; bit < side.marks.size(); ++bit)
        number(json, prefix + std::string(markNames.at(bit)), side.marks[bit]);
}

std::string TrueFlow::json(const HostPool& hosts, Format format) const
{
    const auto address = [&](std::uint32_t host) {
        if (format != Format::Csv)
            return hosts.address(host).text();
        std::array<char, HostPool::longestColumn> column{};
        return std::string(column.data(), hosts.writeColumn(column.data(), host));
    };
    const bool ipv6 = hosts.address(originator_).ipv6 && hosts.address(other_).ipv6;
    std::string json = "{";
    member(json, "kind", kind_, true);
    member(json, "opening", opening_, true);
    member(json, "ending", ending_, true);
    member(json, "hidden", hidden_, true);
    member(json, "reused", reused_ ? "true" : "false");
    member(json, "cut", cut_ ? "true" : "false");
    number(json, "proto", protocol_ == icmp && ipv6 && format != Format::Csv ? 58U : unsigned{protocol_});
    member(json, "orig", address(originator_), true);
    number(json, "orig_port", port_);
    member(json, "resp", address(other_), true);
    number(json, "resp_port", otherPort_);
    if (protocol_ == icmp)
        number(json, "icmp_type", icmpType_);
    number(json, "first", first_);
    number(json, "last", last_);
    member(json, "closed_at", closedAt_ > 0 ? std::to_string(closedAt_) : "null");
    member(json, "close", close(), true);
    member(json, "syn", sides_[0].syn ? "true" : "false");
    member(json, "syn_ack", sides_[1].synAck ? "true" : "false");
    between(json, "rtt_syn", syn_, synAck_);
    between(json, "rtt_ack", synAck_, ack_);
    between(json, "rtt_last_ack", lastSynAck_, ack_);
    side(json, "orig", 0);
    side(json, "resp", 1);
    return json + "}\n";
}

} // namespace packetloom::generator
