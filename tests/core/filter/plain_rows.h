// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_expression.h"
#include "core/model/address_table.h"
#include "core/model/ip_protocol.h"
#include "core/model/packet.h"
#include "core/model/service_name.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace packetloom::test {

inline std::string inLowerCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

inline bool textIs(const std::string& text, FilterExpression::Kind kind, const FilterValue& value)
{
    using Kind = FilterExpression::Kind;
    const auto have = inLowerCase(text), want = inLowerCase(value.text);
    switch (kind) {
    case Kind::Contains:
        return have.find(want) != std::string::npos;
    case Kind::Begins:
        return have.starts_with(want);
    case Kind::Matches:
        return value.pattern->isIn(text);
    default:
        break;
    }
    const auto a = IpAddress::parse(text), b = IpAddress::parse(value.text);
    if (value.network)
        return a && value.network->contains(*a);
    return have == want || (a && b && a->length == b->length && a->bytes == b->bytes);
}

inline std::vector<std::string> addressesOf(const AddressTable& table, const Packet& packet,
                                            FilterField field, AddressFamily family)
{
    std::vector<std::string> texts;
    if (field != FilterField::Destination)
        texts.emplace_back(table.text(packet.source));
    if (field != FilterField::Source)
        texts.emplace_back(table.text(packet.destination));
    std::erase_if(texts, [&](const std::string& text) {
        const auto ip = IpAddress::parse(text);
        return ip && family != AddressFamily::Any && (ip->length == 4) != (family == AddressFamily::Ip4);
    });
    return texts;
}

inline std::vector<std::int64_t> numbersOf(const Packet& packet, FilterField field)
{
    switch (field) {
    case FilterField::SourcePort:
        return {packet.sourcePort};
    case FilterField::DestinationPort:
        return {packet.destinationPort};
    case FilterField::Port:
        return {packet.sourcePort, packet.destinationPort};
    case FilterField::Time:
        return {packet.timestamp};
    case FilterField::Length:
        return {packet.length};
    case FilterField::Sequence:
        return {packet.sequence};
    case FilterField::Acknowledgment:
        return {packet.acknowledgment};
    case FilterField::Flags:
        return {packet.flags.bits};
    case FilterField::Protocol:
        return packet.hasProtocol ? std::vector{packet.protocol} : std::vector<std::int64_t>();
    default:
        return {(packet.flags.bits & flagOf(field)) != 0 ? 1 : 0};
    }
}

inline std::vector<std::string> wordsOf(const Packet& packet, FilterField field)
{
    std::vector<std::string> words;
    if (!packet.hasProtocol)
        return words;
    const auto protocol = packet.protocol;
    if (field == FilterField::Protocol && protocol >= 0 && protocol < 256)
        words.emplace_back(ipProtocolName(protocol).empty() ? std::to_string(protocol)
                                                            : std::string(ipProtocolName(protocol)));
    if (field == FilterField::Service && (protocol == 6 || protocol == 17 || protocol == 132))
        for (const auto port : {packet.sourcePort, packet.destinationPort})
            words.emplace_back(serviceName(port));
    return words;
}

/// Whether a flow is what an expression asks for that has a field of flows alone.
using AskFlow = std::function<bool(const FilterExpression&)>;

/// One packet, one part after the other.
inline bool rowFits(const AddressTable& table, const Packet& packet, const FilterExpression& e,
                    const AskFlow& flow = nullptr)
{
    using Kind = FilterExpression::Kind;
    const auto fits = [&](const FilterExpression& part) { return rowFits(table, packet, part, flow); };
    if (e.kind == Kind::All)
        return std::all_of(e.parts.begin(), e.parts.end(), fits);
    if (e.kind == Kind::Any)
        return std::any_of(e.parts.begin(), e.parts.end(), fits);
    if (e.kind == Kind::None)
        return !fits(e.parts.front());
    if (e.kind == Kind::OfFlow)
        return flow && flow(e.parts.front());
    const auto anyValue = [&](auto test) { return std::any_of(e.values.begin(), e.values.end(), test); };
    const auto anyText = [&](const std::vector<std::string>& texts, Kind kind) {
        return anyValue([&](const FilterValue& value) {
            return std::any_of(texts.begin(), texts.end(),
                               [&](const std::string& text) { return textIs(text, kind, value); });
        });
    };
    if (e.kind == Kind::Says) {
        auto words = addressesOf(table, packet, FilterField::Address, AddressFamily::Any);
        for (const auto field : {FilterField::Protocol, FilterField::Service})
            std::ranges::copy(wordsOf(packet, field), std::back_inserter(words));
        if (packet.isTcp())
            words.emplace_back(FlagTypeName(packet.flags).text());
        auto wanted = e.values.front();
        if (wanted.text.find_first_not_of('+') != std::string::npos)
            std::erase(wanted.text, '+');
        return std::any_of(words.begin(), words.end(), [&](std::string word) {
            if (packet.isTcp() && word == FlagTypeName(packet.flags).text())
                std::erase(word, '+');
            return textIs(word, Kind::Contains, wanted);
        });
    }
    if (subjectOf(e.field) == FilterSubject::Flows)
        return flow && flow(e);
    if (typeOf(e.field) == FilterType::Address) {
        const auto texts = addressesOf(table, packet, e.field, e.family);
        return e.kind == Kind::Present ? !texts.empty() : anyText(texts, e.kind);
    }
    if (e.field == FilterField::Service || (e.field == FilterField::Protocol && e.kind != Kind::Equal))
        return anyText(wordsOf(packet, e.field), e.kind);
    if (e.kind == Kind::Bits)
        return (packet.flags.bits & e.values.front().least) != 0;
    const auto numbers = numbersOf(packet, e.field);
    return anyValue([&](const FilterValue& value) {
        return std::any_of(numbers.begin(), numbers.end(), [&](std::int64_t number) {
            return number >= value.least && number <= value.most;
        });
    });
}

/// Packets of all kinds, hostile ones included.
inline std::vector<Packet> packetsAtRandom(AddressTable& table, std::mt19937& random, std::size_t count)
{
    const auto of = [&](const auto& all) -> const auto&
    {
        return all[std::uniform_int_distribution<std::size_t>(0, all.size() - 1)(random)];
    };
    const std::vector<std::string> addresses{
        "",        "10.0.0.1", "10.0.0.2", "10.1.2.3",      "192.168.7.9", "fe80::1", "2001:DB8::A",
        "printer", "Host-X",   "17",       "::ffff:1.2.3.4"};
    const std::vector<std::int64_t> ports{-5,
                                          0,
                                          22,
                                          53,
                                          80,
                                          443,
                                          8080,
                                          65535,
                                          65536,
                                          std::numeric_limits<std::int64_t>::min(),
                                          std::numeric_limits<std::int64_t>::max()};
    const std::vector<std::int64_t> numbers{-100, -1, 0, 1, 60, 1500, 1'000'000, 5'000'000};
    const std::vector<std::int64_t> protocols{-1, 0, 1, 2, 6, 6, 6, 17, 17, 47, 58, 99, 132, 255, 256, 4000};
    const std::vector<std::int64_t> flags{0, 1, 2, 4, 16, 17, 18, 24, 20, 41, 194, 256, 258, -1};
    std::vector<Packet> packets(count);
    for (Packet& packet : packets) {
        packet.source = table.intern(of(addresses));
        packet.destination = table.intern(of(addresses));
        packet.sourcePort = of(ports);
        packet.destinationPort = of(ports);
        packet.timestamp = of(numbers);
        packet.sequence = of(numbers);
        packet.acknowledgment = of(numbers);
        packet.length = of(numbers);
        packet.protocol = of(protocols);
        packet.hasProtocol = packet.protocol != 4000;
        packet.flags.bits = of(flags);
        packet.flags.origin =
            packet.flags.bits != 0 ? TcpFlags::Origin::Value : TcpFlags::Origin{packet.length > 0};
    }
    return packets;
}

/// A filter's text of terms at random, nested at most so deeply.
inline std::string filterAtRandom(const std::vector<std::string>& terms, std::mt19937& random, int depth)
{
    const auto upTo = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const auto part = [&] { return filterAtRandom(terms, random, depth - 1); };
    switch (depth == 0 ? 0 : upTo(4)) {
    case 1:
        return "(" + part() + " and " + part() + ")";
    case 2:
        return "(" + part() + " || " + part() + " or " + part() + ")";
    case 3:
        return "not (" + part() + ")";
    default:
        return terms[upTo(terms.size())];
    }
}

} // namespace packetloom::test
