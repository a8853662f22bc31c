// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_filter.h"

#include "core/analysis/address_query.h"
#include "core/analysis/flow_table_analysis.h"
#include "core/analysis/flow_words.h"
#include "core/input/flows/table_text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

namespace packetloom {
namespace {

using Kind = FilterExpression::Kind;
using Hits = std::span<std::uint8_t>;

constexpr std::size_t addressesBetweenStops = 4096;

/// Whether an address is what a value asks for.
class AddressTest
{
public:
    AddressTest(const FilterValue& value, Kind kind)
        : value_(value), kind_(kind), ip_(kind == Kind::Equal ? IpAddress::parse(value.text) : std::nullopt)
    {
    }

    [[nodiscard]] bool matches(std::string_view address) const
    {
        if (kind_ == Kind::Contains || kind_ == Kind::Says)
            return holdsWord(address, value_.text);
        if (kind_ == Kind::Begins)
            return address.starts_with(value_.text);
        if (!value_.network && sameText(address, value_.text))
            return true;
        // Of IPv4 there is only one way to write it.
        if (!value_.network && (!ip_ || ip_->length == 4))
            return false;
        const auto ip = IpAddress::parse(address);
        if (!ip)
            return false;
        return value_.network ? value_.network->contains(*ip)
                              : ip->length == ip_->length && ip->bytes == ip_->bytes;
    }

private:
    const FilterValue& value_;
    Kind kind_;
    std::optional<IpAddress> ip_;
};

/// Counts beyond what a filter can ask for are as much as it can.
std::int64_t signedOf(std::uint64_t number)
{
    return static_cast<std::int64_t>(
        std::min<std::uint64_t>(number, std::numeric_limits<std::int64_t>::max()));
}

bool asksOfAddresses(const FilterExpression& expression)
{
    const bool test = expression.kind == Kind::Equal || expression.kind == Kind::Contains ||
                      expression.kind == Kind::Begins;
    return expression.kind == Kind::Says || (test && typeOf(expression.field) == FilterType::Address);
}

} // namespace

FlowFilter::FlowFilter(const Analysis& analysis, const FilterExpression& expression, StopFlag stop)
    : analysis_(analysis), root_(bind(expression, stop))
{
}

FlowFilter::Node FlowFilter::bind(const FilterExpression& expression, StopFlag stop) const
{
    Node node{expression.kind, expression.field, expression.values, {}, {}};
    for (auto& value : node.values)
        std::transform(value.text.begin(), value.text.end(), value.text.begin(), lowerLetter);
    if (asksOfAddresses(expression)) {
        node.addresses.resize(analysis_.addresses.size());
        std::vector<AddressTest> tests;
        for (const auto& value : node.values)
            tests.emplace_back(value, node.kind);
        for (std::uint32_t i = 0; i < node.addresses.size(); ++i) {
            if (i % addressesBetweenStops == 0 && stopped(stop))
                break;
            const auto text = analysis_.addresses.text(AddressId{i});
            node.addresses[i] = std::any_of(tests.begin(), tests.end(),
                                            [&](const AddressTest& test) { return test.matches(text); })
                                    ? 1
                                    : 0;
        }
    }
    if (node.kind == Kind::Says) { // people write SYN+ACK, the names of the dataset say synack
        auto& text = node.values.front().text;
        if (auto plain = text; std::erase(plain, '+') > 0 && !plain.empty())
            text = plain;
    }
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
    case Kind::Equal:
    case Kind::Contains:
    case Kind::Begins:
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
    const auto within = [&](std::int64_t number) {
        return std::any_of(node.values.begin(), node.values.end(), [&](const FilterValue& value) {
            return number >= value.least && number <= value.most;
        });
    };
    const auto isOne = [&](AddressId id) { return node.addresses[index(id)] != 0; };
    switch (node.field) {
    case FilterField::Source:
        return fill([&](std::size_t i) { return isOne(flows.source(i)); });
    case FilterField::Destination:
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
    case FilterField::Number:
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
    case FilterField::Service:
    case FilterField::State:
    case FilterField::Close:
    case FilterField::Reason:
        return fill([&](std::size_t i) {
            const auto text = wordOf(node.field, i);
            return std::any_of(node.values.begin(), node.values.end(), [&](const FilterValue& value) {
                return node.kind == Kind::Contains ? holdsWord(text, value.text) : sameText(text, value.text);
            });
        });
    }
}

std::string_view FlowFilter::wordOf(FilterField field, std::size_t flow) const
{
    switch (field) {
    case FilterField::Protocol:
        return flowProtocol(analysis_, flow);
    case FilterField::Service:
        return flowService(analysis_, flow);
    case FilterField::State:
        return analysis_.flowTable() ? flowStateWord(analysis_, flow)
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
    if (node.addresses[index(flows.source(flow))] != 0 || node.addresses[index(flows.destination(flow))] != 0)
        return true;
    constexpr std::array fields{FilterField::Protocol, FilterField::Service, FilterField::State,
                                FilterField::Close, FilterField::Reason};
    return std::any_of(fields.begin(), fields.end(), [&](FilterField field) {
        return holdsWord(wordOf(field, flow), node.values.front().text);
    });
}

} // namespace packetloom
