// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_filter.h"

#include "core/analysis/flow_words.h"
#include "core/flow/exact/figure_of.h"
#include "core/model/ip_protocol.h"
#include "core/support/signed_of.h"

#include <algorithm>
#include <array>
#include <functional>

namespace packetloom {
namespace {

using Kind = FilterExpression::Kind;
using Hits = std::span<std::uint8_t>;

bool asksOfAddresses(const FilterExpression& expression)
{
    return expression.kind == Kind::Says ||
           (expression.asksField() && typeOf(expression.field) == FilterType::Address);
}

} // namespace

FlowFilter::FlowFilter(const Analysis& analysis, const FilterExpression& expression, StopFlag stop)
    : analysis_(analysis), root_(bind(expression, stop))
{
}

FlowFilter::Node FlowFilter::bind(const FilterExpression& expression, StopFlag stop) const
{
    auto asked = expression;
    if (asked.kind == Kind::Says) { // people write SYN+ACK, the names of the dataset say synack
        auto& text = asked.values.front().text;
        if (auto plain = text; std::erase(plain, '+') > 0 && !plain.empty())
            text = plain;
    }
    Node node{asked.kind, asked.field, AddressVerdicts(asked), NumberRanges(asked.values), {}, {}};
    if (asksOfAddresses(asked))
        node.addresses.learn(analysis_.addresses, stop);
    for (const auto& value : asked.values)
        node.texts.emplace_back(asked.kind, value);
    for (const auto& part : expression.parts)
        node.parts.push_back(bind(part, stop));
    return node;
}

void FlowFilter::match(const Node& node, std::size_t first, Hits hits) const
{
    switch (node.kind) {
    case Kind::All:
        return matchAll(node, first, hits);
    case Kind::Any:
        return matchAny(node, first, hits);
    case Kind::None:
        match(node.parts.front(), first, hits);
        for (auto& hit : hits)
            hit ^= 1;
        return;
    case Kind::Says:
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i] = says(node, first + i) ? 1 : 0;
        return;
    case Kind::OfFlow:
        return match(node.parts.front(), first, hits);
    case Kind::Equal:
    case Kind::Contains:
    case Kind::Begins:
    case Kind::Matches:
    case Kind::Bits:
    case Kind::Present:
        return matchField(node, first, hits);
    }
}

void FlowFilter::matchAll(const Node& node, std::size_t first, Hits hits) const
{
    std::fill(hits.begin(), hits.end(), std::uint8_t{1});
    std::vector<std::uint8_t> own(hits.size());
    for (const auto& part : node.parts) {
        match(part, first, own);
        std::transform(hits.begin(), hits.end(), own.begin(), hits.begin(), std::bit_and<std::uint8_t>());
    }
}

void FlowFilter::matchAny(const Node& node, std::size_t first, Hits hits) const
{
    std::fill(hits.begin(), hits.end(), std::uint8_t{0});
    std::vector<std::uint8_t> own(hits.size());
    for (const auto& part : node.parts) {
        match(part, first, own);
        std::transform(hits.begin(), hits.end(), own.begin(), hits.begin(), std::bit_or<std::uint8_t>());
    }
}

void FlowFilter::matchField(const Node& node, std::size_t first, Hits hits) const
{
    const FlowTable& flows = analysis_.flows;
    const auto fill = [&](auto matches) {
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i] = matches(first + i) ? 1 : 0;
    };
    const auto within = [&](std::int64_t number) { return node.numbers.have(number); };
    const auto isOne = [&](AddressId id) { return node.addresses[id]; };
    switch (node.field) {
    case FilterField::Source:
    case FilterField::Initiator:
        return fill([&](std::size_t i) { return isOne(flows.source(i)); });
    case FilterField::Destination:
    case FilterField::Responder:
        return fill([&](std::size_t i) { return isOne(flows.destination(i)); });
    case FilterField::Address:
        return fill([&](std::size_t i) { return isOne(flows.source(i)) || isOne(flows.destination(i)); });
    case FilterField::SourcePort:
        return fill([&](std::size_t i) { return within(flows.sourcePort(i)); });
    case FilterField::DestinationPort:
        return fill([&](std::size_t i) { return within(flows.destinationPort(i)); });
    case FilterField::Port:
        return fill(
            [&](std::size_t i) { return within(flows.sourcePort(i)) || within(flows.destinationPort(i)); });
    case FilterField::Time:
        return fill([&](std::size_t i) { return node.numbers.haveAny(flows.start(i), flows.end(i)); });
    case FilterField::Number:
        if (node.kind == Kind::Present)
            return std::fill(hits.begin(), hits.end(), std::uint8_t{1});
        return fill([&](std::size_t i) { return within(signedOf(flows.number(i))); });
    case FilterField::Start:
        return fill([&](std::size_t i) { return within(flows.start(i)); });
    case FilterField::End:
        return fill([&](std::size_t i) { return within(flows.end(i)); });
    case FilterField::Duration: // as unsigned numbers: the ends may lie further apart than a signed one
                                // reaches
        return fill([&](std::size_t i) {
            return within(signedOf(static_cast<std::uint64_t>(flows.end(i)) -
                                   static_cast<std::uint64_t>(flows.start(i))));
        });
    case FilterField::Packets:
        return fill([&](std::size_t i) { return within(signedOf(flows.packets(i))); });
    case FilterField::Bytes:
        return fill([&](std::size_t i) { return within(flows.bytes(i)); });
    case FilterField::Timeout:
        return fill([&](std::size_t i) { return within(flows.has(i, FlowTable::ByTimeout) ? 1 : 0); });
    case FilterField::Protocol:
        return fill([&](std::size_t i) { return isOfProtocol(node, i); });
    case FilterField::Service:
    case FilterField::State:
    case FilterField::Close:
    case FilterField::Reason:
        return fill([&](std::size_t i) {
            const auto text = wordOf(node.field, i);
            return std::any_of(node.texts.begin(), node.texts.end(),
                               [&](const TextTest& test) { return test.holds(text); });
        });
    default:
        if (const auto figure = figureOf(node.field))
            return matchFigure(node, *figure, first, hits);
        // of packets
        return std::fill(hits.begin(), hits.end(), std::uint8_t{0});
    }
}

// What is not known is nothing that could be compared.
void FlowFilter::matchFigure(const Node& node, FlowFigure figure, std::size_t first, Hits hits) const
{
    const auto* const capture = analysis_.capture();
    std::fill(hits.begin(), hits.end(), std::uint8_t{0});
    if (!capture || !capture->exact)
        return; // see figureAsked()
    const bool word = factsOf(figure).kind == FigureKind::Word;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        const ExactFlow flow = capture->exact->flow(first + i);
        if (word) {
            const auto text = packetloom::wordOf(flow, figure);
            hits[i] = std::any_of(node.texts.begin(), node.texts.end(),
                                  [&](const TextTest& test) { return test.holds(text); })
                          ? 1
                          : 0;
            continue;
        }
        const auto number = numberOf(flow, figure);
        hits[i] = number && (node.kind == Kind::Present || node.numbers.have(*number)) ? 1 : 0;
    }
}

// A table of flows may call a protocol by a name that has no number.
bool FlowFilter::isOfProtocol(const Node& node, std::size_t flow) const
{
    const auto text = flowProtocol(analysis_, flow);
    if (const auto number = node.kind == Kind::Equal ? ipProtocolNumber(text) : std::nullopt)
        return node.numbers.have(*number);
    return std::any_of(node.texts.begin(), node.texts.end(),
                       [&](const TextTest& test) { return test.holds(text); });
}

std::string_view FlowFilter::wordOf(FilterField field, std::size_t flow) const
{
    switch (field) {
    case FilterField::Protocol:
        return flowProtocol(analysis_, flow);
    case FilterField::Service:
        return flowService(analysis_, flow);
    case FilterField::State:
        return analysis_.flowFacts() ? flowStateWord(analysis_, flow)
                                     : stateName(analysis_.flows.state(flow));
    case FilterField::Close:
        return closeTypeName(analysis_.flows.closeType(flow));
    case FilterField::Reason:
        return invalidReasonName(analysis_.flows.invalidReason(flow));
    default:
        return {};
    }
}

bool FlowFilter::says(const Node& node, std::size_t flow) const
{
    const FlowTable& flows = analysis_.flows;
    if (node.addresses[flows.source(flow)] || node.addresses[flows.destination(flow)])
        return true;
    constexpr std::array fields{FilterField::Protocol, FilterField::Service, FilterField::State,
                                FilterField::Close, FilterField::Reason};
    return std::any_of(fields.begin(), fields.end(),
                       [&](FilterField field) { return node.texts.front().holds(wordOf(field, flow)); });
}

} // namespace packetloom
