// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_query.h"
#include "core/analysis/group_text.h"
#include "tests/core/analysis/plain_filter.h"

#include <QStringList>
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace packetloom::test {

struct PlainPacket
{
    std::int64_t time = 0, length = 0;
    bool answer = false; ///< sent by the destination
};

/// A flow, made as the engine makes them.
struct PlainFlow
{
    std::string source = "10.0.0.1", destination = "10.0.0.2";
    std::int64_t sourcePort = 1024, destinationPort = 80;
    std::uint64_t number = 1;
    std::vector<PlainPacket> packets; ///< the first one's sender is the source of the flow
    FlowState state = FlowState::Closed;
    CloseType closeType = CloseType::Graceful;
    InvalidReason reason = InvalidReason::None;
};

inline std::shared_ptr<CaptureAnalysis> emptyAnalysis()
{
    return std::make_shared<CaptureAnalysis>(Options(), std::filesystem::path());
}

inline void addFlow(Analysis& analysis, const PlainFlow& facts)
{
    CompletedFlow flow;
    flow.number = facts.number;
    flow.key.low = {analysis.addresses.intern(facts.source), facts.sourcePort};
    flow.key.high = {analysis.addresses.intern(facts.destination), facts.destinationPort};
    std::vector<FlowPacket> packets;
    FlowLife life;
    for (const PlainPacket& packet : facts.packets) {
        FlowPacket one;
        one.timestamp = packet.time;
        one.length = packet.length;
        one.fromHigh = packet.answer;
        life.totalBytes += packet.length;
        packets.push_back(one);
    }
    life.state = facts.state;
    life.closeType = facts.closeType;
    life.invalidReason = facts.reason;
    flow.packets = packets;
    analysis.flows.add(flow, life);
}

/// The front of an address, bit after bit.
inline std::string plainSubnet(const std::string& text, const GroupSteps& steps)
{
    const auto ip = IpAddress::parse(text);
    if (!ip)
        return {};
    const unsigned prefix = ip->length == 4 ? steps.prefix4 : steps.prefix6;
    Subnet subnet{*ip, prefix};
    for (unsigned bit = prefix; bit < 8u * ip->length; ++bit)
        subnet.base.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> bit % 8));
    return subnetText(subnet);
}

/// All values that a flow has of a key.
inline std::vector<std::string> plainValues(const Analysis& analysis, std::size_t i, GroupKey key,
                                            const GroupSteps& steps)
{
    const FlowTable& f = analysis.flows;
    const std::string source(analysis.addresses.text(f.source(i))),
        destination(analysis.addresses.text(f.destination(i)));
    const auto either = [](const std::string& a, const std::string& b) {
        return a == b ? std::vector{a} : std::vector{a, b};
    };
    switch (key) {
    case GroupKey::Source:
        return {source};
    case GroupKey::Destination:
        return {destination};
    case GroupKey::Address:
        return either(source, destination);
    case GroupKey::SourceSubnet:
        return {plainSubnet(source, steps)};
    case GroupKey::DestinationSubnet:
        return {plainSubnet(destination, steps)};
    case GroupKey::Subnet:
        return either(plainSubnet(source, steps), plainSubnet(destination, steps));
    case GroupKey::Pair:
        return {f.source(i) < f.destination(i) ? source + " <-> " + destination
                                               : destination + " <-> " + source};
    case GroupKey::SourcePort:
        return {std::to_string(f.sourcePort(i))};
    case GroupKey::DestinationPort:
        return {std::to_string(f.destinationPort(i))};
    case GroupKey::Port:
        return either(std::to_string(f.sourcePort(i)), std::to_string(f.destinationPort(i)));
    case GroupKey::Protocol:
        return {"tcp"};
    case GroupKey::Service:
        return {std::string(flowService(analysis, i))};
    case GroupKey::State:
        return {std::string(stateName(f.state(i)))};
    case GroupKey::Close:
        return {std::string(closeTypeName(f.closeType(i)))};
    case GroupKey::Reason:
        return {std::string(invalidReasonName(f.invalidReason(i)))};
    case GroupKey::Flags:
        return {};
    case GroupKey::Time: {
        const std::int64_t rest = f.start(i) % steps.sliceWidth,
                           into = rest < 0 ? rest + steps.sliceWidth : rest;
        constexpr auto least = std::numeric_limits<std::int64_t>::min();
        return {std::to_string(f.start(i) < least + into ? least : f.start(i) - into)};
    }
    }
    return {};
}

/// What a group has of its own address: the other end of the first key that is of an end.
inline std::vector<AddressId> plainPeers(const Analysis& analysis, std::size_t i, const GroupQuery& query,
                                         const std::string& first, const std::string& second)
{
    const auto source = analysis.flows.source(i), destination = analysis.flows.destination(i);
    const auto of = [&](GroupKey key, const std::string& value) -> std::vector<AddressId> {
        switch (key) {
        case GroupKey::Source:
        case GroupKey::SourceSubnet:
            return {destination};
        case GroupKey::Destination:
        case GroupKey::DestinationSubnet:
            return {source};
        case GroupKey::Address:
            return {value == analysis.addresses.text(source) ? destination : source};
        case GroupKey::Subnet:
            return {value == plainSubnet(std::string(analysis.addresses.text(source)), query.steps)
                        ? destination
                        : source};
        default:
            return {};
        }
    };
    if (const auto peers = of(query.by, first); !peers.empty())
        return peers;
    if (query.thenBy) {
        if (const auto peers = of(*query.thenBy, second); !peers.empty())
            return peers;
    }
    return {source, destination};
}

struct PlainGroup
{
    std::uint64_t flows = 0, packets = 0, unanswered = 0;
    WideSum bytes, sent, received;
    std::set<AddressId> peers;
    std::set<std::int64_t> ports;
    std::int64_t first = std::numeric_limits<std::int64_t>::max(),
                 last = std::numeric_limits<std::int64_t>::min();
};

inline QString groupLine(const std::string& first, const std::string& second, std::uint64_t flows,
                         std::uint64_t packets, std::uint64_t unanswered, const WideSum& bytes,
                         const WideSum& sent, const WideSum& received, std::size_t peers, std::size_t ports,
                         std::int64_t begin, std::int64_t end)
{
    return QStringLiteral(
               "%1|%2 flows %3 packets %4 unanswered %5 bytes %6 %7 %8 peers %9 ports %10 time %11 %12")
        .arg(QString::fromStdString(first), QString::fromStdString(second))
        .arg(flows)
        .arg(packets)
        .arg(unanswered)
        .arg(QString::fromStdString(bytes.decimal()), QString::fromStdString(sent.decimal()),
             QString::fromStdString(received.decimal()))
        .arg(peers)
        .arg(ports)
        .arg(begin)
        .arg(end);
}

inline QStringList linesOf(const std::map<std::pair<std::string, std::string>, PlainGroup>& groups)
{
    QStringList lines;
    for (const auto& [key, group] : groups)
        lines << groupLine(key.first, key.second, group.flows, group.packets, group.unanswered, group.bytes,
                           group.sent, group.received, group.peers.size(), group.ports.size(), group.first,
                           group.last);
    lines.sort();
    return lines;
}

/// A line a group, in the order of the lines.
inline QStringList plainGroups(const Analysis& analysis, const GroupQuery& query)
{
    const FlowTable& f = analysis.flows;
    std::map<std::pair<std::string, std::string>, PlainGroup> groups;
    for (std::size_t i = 0; i < f.size(); ++i) {
        if (query.narrowing.filter && !plainlyFits(analysis, i, *query.narrowing.filter))
            continue;
        if (const auto& within = query.narrowing.interval;
            within && (f.end(i) < within->first || f.start(i) > within->second))
            continue;
        const auto seconds = query.thenBy ? plainValues(analysis, i, *query.thenBy, query.steps)
                                          : std::vector<std::string>{""};
        for (const auto& first : plainValues(analysis, i, query.by, query.steps)) {
            for (const auto& second : seconds) {
                PlainGroup& group = groups[{first, second}];
                ++group.flows;
                group.packets += f.packets(i);
                group.unanswered += f.packets(i) == f.sentPackets(i) ? 1u : 0u;
                group.bytes += f.bytes(i);
                group.sent += f.sentBytes(i);
                group.received += f.bytes(i);
                group.received -= WideSum(f.sentBytes(i));
                for (const auto peer : plainPeers(analysis, i, query, first, second))
                    group.peers.insert(peer);
                group.ports.insert(f.destinationPort(i));
                group.first = std::min(group.first, f.start(i));
                group.last = std::max(group.last, f.end(i));
            }
        }
    }
    return linesOf(groups);
}

inline QStringList groupsAsText(const GroupTable& table, const AddressTable& addresses)
{
    QStringList lines;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Group& group = table[i];
        std::uint64_t drawn = 0;
        for (const auto bar : table.sparkline(i))
            drawn += bar;
        if (drawn != (table.ofPackets() ? group.packets : group.flows))
            lines << QStringLiteral("a sparkline that is not of its flows");
        lines << groupLine(groupValueText(table.value(0, i), addresses),
                           table.levels() > 1 ? groupValueText(table.value(1, i), addresses) : std::string(),
                           group.flows, group.packets, group.unanswered, group.bytes, group.sentBytes,
                           group.receivedBytes, group.peers, group.ports, group.first, group.last);
    }
    lines.sort();
    return lines;
}

/// The order of addresses for people, from what they are.
inline auto plainAddressKey(const std::string& text)
{
    if (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos)
        return std::tuple(2, std::string(20 - text.size(), '0') + text);
    if (const auto ip = IpAddress::parse(text))
        return std::tuple(ip->length == 4 ? 0 : 1, std::string(ip->bytes.begin(), ip->bytes.end()));
    return std::tuple(3, text);
}

/// Of groups by source and destination port.
inline bool comesBefore(const GroupTable& table, const Analysis& analysis, GroupColumn column, std::size_t a,
                        std::size_t b)
{
    const Group &x = table[a], &y = table[b];
    const auto address = [&](std::size_t i) {
        return plainAddressKey(std::string(analysis.addresses.text(table.value(0, i).address)));
    };
    switch (column) {
    case GroupColumn::First:
        return address(a) < address(b);
    case GroupColumn::Second:
        return table.value(1, a).number < table.value(1, b).number;
    case GroupColumn::Flows:
        return x.flows < y.flows;
    case GroupColumn::Packets:
        return x.packets < y.packets;
    case GroupColumn::Bytes:
        return x.bytes < y.bytes;
    case GroupColumn::SentBytes:
        return x.sentBytes < y.sentBytes;
    case GroupColumn::ReceivedBytes:
        return x.receivedBytes < y.receivedBytes;
    case GroupColumn::Peers:
        return x.peers < y.peers;
    case GroupColumn::Ports:
        return x.ports < y.ports;
    case GroupColumn::Unanswered:
        return x.unanswered < y.unanswered;
    case GroupColumn::UnansweredShare:
        return std::uint64_t{x.unanswered} * y.flows < std::uint64_t{y.unanswered} * x.flows;
    case GroupColumn::FirstSeen:
        return x.first < y.first;
    case GroupColumn::LastSeen:
        return x.last < y.last;
    }
    return false;
}

} // namespace packetloom::test
