// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/connection_key.h"

#include <algorithm>
#include <array>
#include <utility>

namespace packetloom {
namespace {

constexpr std::int64_t icmp4 = protocolIcmp, icmp6 = 58;

// A question's type and that of its answer.
constexpr std::array<std::pair<std::int16_t, std::int16_t>, 5> answers4{
    {{8, 0}, {13, 14}, {15, 16}, {10, 9}, {17, 18}}};
constexpr std::array<std::pair<std::int16_t, std::int16_t>, 6> answers6{
    {{128, 129}, {133, 134}, {135, 136}, {130, 131}, {139, 140}, {144, 145}}};

template <class Table>
std::optional<std::int16_t> counterpart(const Table& table, std::int16_t type)
{
    for (const auto& [question, answer] : table) {
        if (type == question)
            return answer;
        if (type == answer)
            return question;
    }
    return std::nullopt;
}

std::optional<std::int16_t> answerTo(std::int64_t protocol, std::int16_t type)
{
    return protocol == icmp4 ? counterpart(answers4, type) : counterpart(answers6, type);
}

constexpr std::array<std::uint16_t, 51> tcpServers{
    21,   22,   23,   25,   53,   79,   80,   81,   88,   135,  139,  143,  389,  443,  445,  465,  502,
    513,  514,  563,  585,  587,  614,  631,  636,  989,  990,  992,  993,  995,  1080, 1434, 1883, 2811,
    3128, 3268, 3306, 3389, 5222, 5223, 5269, 5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000};
constexpr std::array<std::uint16_t, 25> udpServers{53,   67,   88,   123,  137,  161,  162,  389,  443,
                                                   514,  1812, 1813, 2123, 2152, 3389, 3544, 4011, 4754,
                                                   4789, 5060, 5072, 5353, 5355, 6081, 20000};
static_assert(std::is_sorted(tcpServers.begin(), tcpServers.end()));
static_assert(std::is_sorted(udpServers.begin(), udpServers.end()));

} // namespace

std::optional<ConnectionKey> ConnectionKey::of(const Packet& packet, const PacketExtras& extras,
                                               bool& fromHigh)
{
    if (packet.source == emptyAddress || packet.destination == emptyAddress ||
        (extras.damage & (PacketExtras::LaterFragment | PacketExtras::BadHeader)) != 0)
        return std::nullopt;
    ConnectionKey key;
    constexpr std::int64_t mostProtocol = 255;
    if (packet.hasProtocol && packet.protocol >= 0 && packet.protocol <= mostProtocol)
        key.protocol = static_cast<std::int16_t>(packet.protocol);
    Packet ends = packet;
    if (extras.icmpType != PacketExtras::unknown && (key.protocol == icmp4 || key.protocol == icmp6)) {
        const auto answer = answerTo(key.protocol, extras.icmpType);
        ends.sourcePort = extras.icmpType;
        ends.destinationPort = answer.value_or(extras.icmpCode);
        fromHigh = FlowKey::isTurned(ends);
        if (!answer)
            key.oneWay = fromHigh ? OneWay::FromHigh : OneWay::FromLow;
    } else {
        fromHigh = FlowKey::isTurned(ends);
    }
    key.ends = FlowKey::of(ends);
    return key;
}

ConnectionKey ConnectionKey::of(const ExactFlowHead& flow)
{
    ConnectionKey key{.ends = flow.key, .protocol = static_cast<std::int16_t>(flow.protocol)};
    if (flow.oneWay)
        key.oneWay = flow.originatorIsHigh ? OneWay::FromHigh : OneWay::FromLow;
    return key;
}

bool isLikelyServer(std::int64_t port, std::int64_t protocol)
{
    const auto isIn = [&](const auto& ports) {
        return port >= 0 && port <= 0xffff &&
               std::binary_search(ports.begin(), ports.end(), static_cast<std::uint16_t>(port));
    };
    return protocol == protocolTcp ? isIn(tcpServers) : protocol == protocolUdp && isIn(udpServers);
}

} // namespace packetloom
