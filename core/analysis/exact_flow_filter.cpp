// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/exact_flow_filter.h"

#include "core/flow/exact/figure_of.h"
#include "core/model/ip_protocol.h"
#include "core/model/packet.h"
#include "core/model/service_name.h"
#include "core/support/signed_of.h"

#include <algorithm>
#include <array>
#include <string>

namespace packetloom {
namespace {

using Kind = FilterExpression::Kind;

bool asksOfAddresses(const FilterExpression& expression)
{
    return expression.kind == Kind::Says ||
           (expression.asksField() && typeOf(expression.field) == FilterType::Address);
}

bool isKnown(FilterField field)
{
    switch (field) {
    case FilterField::Source:
    case FilterField::Destination:
    case FilterField::Address:
    case FilterField::SourcePort:
    case FilterField::DestinationPort:
    case FilterField::Port:
    case FilterField::Protocol:
    case FilterField::Service:
    case FilterField::Time:
    case FilterField::Initiator:
    case FilterField::Responder:
    case FilterField::Start:
    case FilterField::End:
    case FilterField::Duration:
    case FilterField::Packets:
    case FilterField::Bytes:
    case FilterField::State:
        return true;
    default:
        return figureOf(field).has_value();
    }
}

std::string_view wordOf(FilterField field, const ExactFlow& flow)
{
    if (field == FilterField::Protocol)
        return ipProtocolName(flow.protocol);
    if (field == FilterField::State)
        return connStateName(flow.state);
    const bool hasPorts = flow.protocol == protocolTcp || flow.protocol == protocolUdp;
    return hasPorts ? serviceName(flow.responderEnd().port) : std::string_view();
}

// A protocol without a name is called by its number.
bool isOfProtocol(Kind kind, const NumberRanges& numbers, const std::vector<TextTest>& texts,
                  const ExactFlow& flow)
{
    if (kind == Kind::Equal)
        return numbers.have(flow.protocol);
    const auto name = ipProtocolName(flow.protocol);
    const std::string text = name.empty() ? std::to_string(flow.protocol) : std::string(name);
    return std::any_of(texts.begin(), texts.end(), [&](const TextTest& test) { return test.holds(text); });
}

} // namespace

std::optional<FilterField> unknownOfExactFlows(const FilterExpression& expression)
{
    // A flow is there, as a filter's shorthand asks; it has only no number.
    const bool asks = expression.asksField() && expression.kind != Kind::Present;
    if (asks && !isKnown(expression.field))
        return expression.field;
    for (const auto& part : expression.parts) {
        if (const auto unknown = unknownOfExactFlows(part))
            return unknown;
    }
    return std::nullopt;
}

ExactFlowFilter::ExactFlowFilter(const AddressTable& addresses, const FilterExpression& expression)
    : root_(bind(addresses, expression))
{
}

ExactFlowFilter::Node ExactFlowFilter::bind(const AddressTable& addresses, const FilterExpression& expression)
{
    Node node{expression.kind,
              expression.field,
              AddressVerdicts(expression),
              asksOfAddresses(expression),
              NumberRanges(expression.values),
              {},
              {}};
    if (node.asksOfAddresses)
        node.addresses.learn(addresses);
    for (const auto& value : expression.values)
        node.texts.emplace_back(expression.kind, value);
    for (const auto& part : expression.parts)
        node.parts.push_back(bind(addresses, part));
    return node;
}

void ExactFlowFilter::learn(Node& node, const AddressTable& addresses)
{
    if (node.asksOfAddresses)
        node.addresses.learn(addresses);
    for (auto& part : node.parts)
        learn(part, addresses);
}

bool ExactFlowFilter::matches(const Node& node, const ExactFlow& flow)
{
    const auto holds = [&](const Node& part) { return matches(part, flow); };
    switch (node.kind) {
    case Kind::All:
        return std::all_of(node.parts.begin(), node.parts.end(), holds);
    case Kind::Any:
        return std::any_of(node.parts.begin(), node.parts.end(), holds);
    case Kind::None:
        return !holds(node.parts.front());
    case Kind::OfFlow:
        return holds(node.parts.front());
    case Kind::Says:
        return says(node, flow);
    default:
        return matchesField(node, flow);
    }
}

bool ExactFlowFilter::matchesField(const Node& node, const ExactFlow& flow)
{
    const auto within = [&](std::int64_t number) { return node.numbers.have(number); };
    const auto isOne = [&](const Endpoint& end) { return node.addresses[end.address]; };
    const Endpoint &source = flow.originatorEnd(), &destination = flow.responderEnd();
    switch (node.field) {
    case FilterField::Source:
    case FilterField::Initiator:
        return isOne(source);
    case FilterField::Destination:
    case FilterField::Responder:
        return isOne(destination);
    case FilterField::Address:
        return isOne(source) || isOne(destination);
    case FilterField::SourcePort:
        return within(source.port);
    case FilterField::DestinationPort:
        return within(destination.port);
    case FilterField::Port:
        return within(source.port) || within(destination.port);
    case FilterField::Time:
        return node.numbers.haveAny(flow.start, flow.lastPacket);
    case FilterField::Start:
        return within(flow.start);
    case FilterField::End:
        return within(flow.end);
    case FilterField::Duration: // as unsigned numbers: the ends may lie further apart than a signed one
                                // reaches
        return within(
            signedOf(static_cast<std::uint64_t>(flow.end) - static_cast<std::uint64_t>(flow.start)));
    case FilterField::Packets:
        return within(signedOf(flow.sides[0].packets + flow.sides[1].packets));
    case FilterField::Bytes:
        return within(signedOf(flow.wireBytes));
    case FilterField::Protocol:
        return isOfProtocol(node.kind, node.numbers, node.texts, flow);
    case FilterField::Service:
    case FilterField::State: {
        const auto word = wordOf(node.field, flow);
        return std::any_of(node.texts.begin(), node.texts.end(),
                           [&](const TextTest& test) { return test.holds(word); });
    }
    default:
        break;
    }
    const auto figure = figureOf(node.field);
    if (!figure)
        return node.kind == Kind::Present;
    if (factsOf(*figure).kind == FigureKind::Word) {
        const auto word = packetloom::wordOf(flow, *figure);
        return std::any_of(node.texts.begin(), node.texts.end(),
                           [&](const TextTest& test) { return test.holds(word); });
    }
    // What is not known is nothing that could be compared.
    const auto number = numberOf(flow, *figure);
    return number && (node.kind == Kind::Present || within(*number));
}

bool ExactFlowFilter::says(const Node& node, const ExactFlow& flow)
{
    if (node.addresses[flow.originatorEnd().address] || node.addresses[flow.responderEnd().address])
        return true;
    const std::array words{wordOf(FilterField::Protocol, flow), wordOf(FilterField::Service, flow)};
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return node.texts.front().holds(word); });
}

} // namespace packetloom
