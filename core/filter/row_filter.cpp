// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/row_filter.h"

#include "core/model/ip_protocol.h"
#include "core/model/service_name.h"
#include "core/support/ascii_case.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace packetloom {
namespace {

using Kind = FilterExpression::Kind;

// Small enough that what is between two parts of a filter stays in the first cache, and lies on the stack.
constexpr std::size_t rowsAtOnce = 1024;
constexpr std::int64_t portCount = 65536, protocolCount = 256, protocolSctp = 132;

/// What is asked of flows as a whole. Never "not": of a packet without a flow nothing is true, so what is not
/// true of its flow is decided by the packets.
bool isOfFlows(const FilterExpression& expression)
{
    if (expression.kind == Kind::OfFlow)
        return true;
    if (expression.asksField())
        return subjectOf(expression.field) == FilterSubject::Flows;
    return (expression.kind == Kind::All || expression.kind == Kind::Any) && !expression.parts.empty() &&
           std::all_of(expression.parts.begin(), expression.parts.end(), isOfFlows);
}

/// By number: whether a word is what is asked for.
template <class NameOf>
std::vector<std::uint8_t> verdicts(const FilterExpression& expression, std::int64_t count, NameOf nameOf)
{
    std::vector<TextTest> tests;
    for (const auto& value : expression.values)
        tests.emplace_back(expression.kind, value);
    std::vector<std::uint8_t> all(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i)
        all[static_cast<std::size_t>(i)] =
            std::any_of(tests.begin(), tests.end(),
                        [&](const TextTest& test) { return test.holds(nameOf(i)); })
                ? 1
                : 0;
    return all;
}

std::string nameOfProtocol(std::int64_t number)
{
    const auto name = ipProtocolName(number);
    return name.empty() ? std::to_string(number) : std::string(name);
}

bool hasPorts(const Packet& packet)
{
    return packet.hasProtocol && (packet.protocol == protocolTcp || packet.protocol == protocolUdp ||
                                  packet.protocol == protocolSctp);
}

bool verdictOf(const std::vector<std::uint8_t>& verdicts, std::int64_t number)
{
    return static_cast<std::uint64_t>(number) < verdicts.size() &&
           verdicts[static_cast<std::size_t>(number)] != 0;
}

bool isOfService(const std::vector<std::uint8_t>& services, const Packet& packet)
{
    return hasPorts(packet) &&
           (verdictOf(services, packet.sourcePort) || verdictOf(services, packet.destinationPort));
}

bool isOfProtocol(const std::vector<std::uint8_t>& protocols, const Packet& packet)
{
    return packet.hasProtocol && verdictOf(protocols, packet.protocol);
}

/// By the lowest eight bits. "SYN+ACK" is what people write, "synack" what a filter looks for.
std::vector<std::uint8_t> flagVerdicts(std::string_view text)
{
    std::vector<std::uint8_t> all(256);
    for (std::size_t bits = 0; bits < all.size(); ++bits) {
        const TcpFlags flags{.bits = static_cast<std::int64_t>(bits)};
        std::string name(FlagTypeName(flags).text());
        std::erase(name, '+');
        all[bits] = holdsWord(name, text) ? 1 : 0;
    }
    return all;
}

/// Names that the bits alone do not give have no plus in them.
bool flagsSay(const std::vector<std::uint8_t>& verdicts, std::string_view text, const TcpFlags& flags)
{
    const auto lowest = static_cast<std::size_t>(flags.bits & 0xff);
    if (flags.origin == TcpFlags::Origin::Value && (lowest != 0 || flags.bits == 0))
        return verdicts[lowest] != 0;
    return holdsWord(FlagTypeName(flags).text(), text);
}

} // namespace

RowFilter::Node::Node(const FilterExpression& expression)
    : kind(expression.kind), field(expression.field), addresses(expression), numbers(expression.values)
{
}

RowFilter::RowFilter(const AddressTable& addresses, const FilterExpression& expression)
    : addresses_(addresses), root_(bind(expression))
{
    learnAddresses();
}

RowFilter::Node RowFilter::bind(const FilterExpression& expression)
{
    Node node(expression);
    if (isOfFlows(expression)) {
        node.kind = Kind::OfFlow;
        node.flowPart = flowParts_.size();
        flowParts_.push_back(expression.kind == Kind::OfFlow ? expression.parts.front() : expression);
        return node;
    }
    auto asked = expression;
    if (node.kind == Kind::Says) {
        auto& text = asked.values.front().text;
        if (auto plain = text; std::erase(plain, '+') > 0 && !plain.empty())
            text = plain;
        node.addresses = AddressVerdicts(asked);
        node.text = lowerText(text);
        node.flags = flagVerdicts(node.text);
    }
    if (node.kind == Kind::Bits)
        node.bits = expression.values.front().least;
    const bool says = node.kind == Kind::Says;
    if (says || (node.field == FilterField::Service && expression.asksField()))
        node.services = verdicts(asked, portCount, serviceName);
    // Names of protocols are compared by number; looked into they are texts.
    if (says || (node.field == FilterField::Protocol && expression.asksField() && node.kind != Kind::Equal))
        node.protocols = verdicts(asked, protocolCount, nameOfProtocol);
    for (const auto& part : expression.parts)
        node.parts.push_back(bind(part));
    return node;
}

void RowFilter::learnAddresses(StopFlag stop)
{
    learn(root_, stop);
}

void RowFilter::learn(Node& node, StopFlag stop)
{
    const bool asks = node.kind == Kind::Says ||
                      (node.parts.empty() && node.kind != Kind::OfFlow && node.kind != Kind::All &&
                       node.kind != Kind::Any && typeOf(node.field) == FilterType::Address);
    if (asks)
        node.addresses.learn(addresses_, stop);
    for (auto& part : node.parts)
        learn(part, stop);
}

void RowFilter::match(std::span<const Packet> packets, std::uint64_t firstRow, Hits hits,
                      const FlowHits* flows) const
{
    for (std::size_t begin = 0; begin < packets.size(); begin += rowsAtOnce) {
        const auto count = std::min(rowsAtOnce, packets.size() - begin);
        match(root_, {packets.subspan(begin, count), firstRow + begin, flows}, hits.subspan(begin, count));
    }
}

void RowFilter::match(const Node& node, const Rows& rows, Hits hits)
{
    switch (node.kind) {
    case Kind::All:
        return matchAll(node, rows, hits);
    case Kind::Any:
        return matchAny(node, rows, hits);
    case Kind::None:
        match(node.parts.front(), rows, hits);
        for (auto& hit : hits)
            hit ^= 1;
        return;
    case Kind::OfFlow:
        if (rows.flows)
            (*rows.flows)(node.flowPart, rows.first, hits);
        else
            std::fill(hits.begin(), hits.end(), std::uint8_t{0});
        return;
    case Kind::Says:
        return matchText(node, rows, hits);
    default:
        return matchField(node, rows, hits);
    }
}

void RowFilter::matchAll(const Node& node, const Rows& rows, Hits hits)
{
    std::array<std::uint8_t, rowsAtOnce> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init)
    const Hits own = Hits(buffer).first(hits.size());
    match(node.parts.front(), rows, hits);
    for (std::size_t part = 1; part < node.parts.size(); ++part) {
        if (!std::memchr(hits.data(), 1, hits.size()))
            return;
        match(node.parts[part], rows, own);
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i] &= own[i];
    }
}

void RowFilter::matchAny(const Node& node, const Rows& rows, Hits hits)
{
    std::array<std::uint8_t, rowsAtOnce> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init)
    const Hits own = Hits(buffer).first(hits.size());
    std::fill(hits.begin(), hits.end(), std::uint8_t{0}); // of nothing
    for (const auto& part : node.parts) {
        if (!std::memchr(hits.data(), 0, hits.size()))
            return;
        match(part, rows, own);
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i] |= own[i];
    }
}

void RowFilter::matchField(const Node& node, const Rows& rows, Hits hits)
{
    const auto packets = rows.packets;
    const auto byNumber = [&](auto numberOf) {
        node.numbers.fill(hits, [&](const auto& test, std::size_t i) { return test(numberOf(packets[i])); });
    };
    switch (node.field) {
    case FilterField::Source:
    case FilterField::Destination:
    case FilterField::Address:
        return matchAddress(node, rows, hits);
    case FilterField::SourcePort:
        return byNumber([](const Packet& packet) { return packet.sourcePort; });
    case FilterField::DestinationPort:
        return byNumber([](const Packet& packet) { return packet.destinationPort; });
    case FilterField::Port:
        return node.numbers.fill(hits, [&](const auto& test, std::size_t i) {
            return (int{test(packets[i].sourcePort)} | int{test(packets[i].destinationPort)}) != 0;
        });
    case FilterField::Protocol:
        return matchProtocol(node, rows, hits);
    case FilterField::Service:
        return matchService(node, rows, hits);
    case FilterField::Time:
        return byNumber([](const Packet& packet) { return packet.timestamp; });
    case FilterField::Length:
        return byNumber([](const Packet& packet) { return packet.length; });
    case FilterField::Sequence:
        return byNumber([](const Packet& packet) { return packet.sequence; });
    case FilterField::Acknowledgment:
        return byNumber([](const Packet& packet) { return packet.acknowledgment; });
    case FilterField::Flags:
        if (node.kind == Kind::Equal)
            return byNumber([](const Packet& packet) { return packet.flags.bits; });
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i] = packets[i].flags.has(node.bits) ? 1 : 0;
        return;
    default: // one flag; fields of flows were asked of them
        const auto flag = flagOf(node.field);
        return byNumber([flag](const Packet& packet) { return std::int64_t{packet.flags.has(flag)}; });
    }
}

void RowFilter::matchAddress(const Node& node, const Rows& rows, Hits hits)
{
    const auto* const verdicts = node.addresses.all().data();
    const auto packets = rows.packets;
    if (node.field == FilterField::Source) {
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i] = verdicts[index(packets[i].source)];
    } else if (node.field == FilterField::Destination) {
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i] = verdicts[index(packets[i].destination)];
    } else {
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i] = verdicts[index(packets[i].source)] | verdicts[index(packets[i].destination)];
    }
}

void RowFilter::matchProtocol(const Node& node, const Rows& rows, Hits hits)
{
    const auto packets = rows.packets;
    if (node.kind == Kind::Equal)
        return node.numbers.fill(hits, [&](const auto& test, std::size_t i) {
            return (int{packets[i].hasProtocol} & int{test(packets[i].protocol)}) != 0;
        });
    for (std::size_t i = 0; i < hits.size(); ++i)
        hits[i] = isOfProtocol(node.protocols, packets[i]) ? 1 : 0;
}

void RowFilter::matchService(const Node& node, const Rows& rows, Hits hits)
{
    for (std::size_t i = 0; i < hits.size(); ++i)
        hits[i] = isOfService(node.services, rows.packets[i]) ? 1 : 0;
}

void RowFilter::matchText(const Node& node, const Rows& rows, Hits hits)
{
    for (std::size_t i = 0; i < hits.size(); ++i) {
        const Packet& packet = rows.packets[i];
        const bool says = node.addresses[packet.source] || node.addresses[packet.destination] ||
                          isOfProtocol(node.protocols, packet) || isOfService(node.services, packet) ||
                          (packet.isTcp() && flagsSay(node.flags, node.text, packet.flags));
        hits[i] = says ? 1 : 0;
    }
}

bool RowFilter::canMatch(AddressId source, AddressId destination) const
{
    return byAddresses(root_, source, destination) != Truth::No;
}

RowFilter::Truth RowFilter::byAddresses(const Node& node, AddressId source, AddressId destination)
{
    const auto of = [&](const Node& part) { return byAddresses(part, source, destination); };
    switch (node.kind) {
    case Kind::All: {
        auto truth = Truth::Yes;
        for (const auto& part : node.parts)
            truth = std::min(truth, of(part));
        return truth;
    }
    case Kind::Any: {
        auto truth = Truth::No;
        for (const auto& part : node.parts)
            truth = std::max(truth, of(part));
        return truth;
    }
    case Kind::None: {
        const auto truth = of(node.parts.front());
        return truth == Truth::Maybe ? truth : truth == Truth::Yes ? Truth::No : Truth::Yes;
    }
    case Kind::OfFlow:
        return Truth::Maybe;
    case Kind::Says:
        return node.addresses[source] || node.addresses[destination] ? Truth::Yes : Truth::Maybe;
    default:
        break;
    }
    if (typeOf(node.field) != FilterType::Address)
        return Truth::Maybe;
    const bool atSource = node.field != FilterField::Destination && node.addresses[source];
    const bool atDestination = node.field != FilterField::Source && node.addresses[destination];
    return atSource || atDestination ? Truth::Yes : Truth::No;
}

} // namespace packetloom
