// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_words.h"
#include "core/filter/filter_expression.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <string>
#include <vector>

namespace packetloom::test {

/// What a field of a flow is, as a number or as texts.
struct Value
{
    std::vector<std::int64_t> numbers;
    std::vector<std::string> texts;
};

inline Value valueOf(const Analysis& analysis, std::size_t i, FilterField field)
{
    const FlowTable& f = analysis.flows;
    const std::string source(analysis.addresses.text(f.source(i))),
        destination(analysis.addresses.text(f.destination(i)));
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    switch (field) {
    case FilterField::Source:
    case FilterField::Initiator:
        return {{}, {source}};
    case FilterField::Destination:
    case FilterField::Responder:
        return {{}, {destination}};
    case FilterField::Address:
        return {{}, {source, destination}};
    case FilterField::SourcePort:
        return {{f.sourcePort(i)}, {}};
    case FilterField::DestinationPort:
        return {{f.destinationPort(i)}, {}};
    case FilterField::Port:
        return {{f.sourcePort(i), f.destinationPort(i)}, {}};
    case FilterField::Protocol:
        return {{}, {"tcp"}};
    case FilterField::Service:
        return {{}, {std::string(flowService(analysis, i))}};
    case FilterField::Number:
        return {{static_cast<std::int64_t>(f.number(i))}, {}};
    case FilterField::Start:
        return {{f.start(i)}, {}};
    case FilterField::End:
        return {{f.end(i)}, {}};
    case FilterField::Duration: {
        const auto span = static_cast<std::uint64_t>(f.end(i)) - static_cast<std::uint64_t>(f.start(i));
        return {{static_cast<std::int64_t>(std::min(span, most))}, {}};
    }
    case FilterField::Packets:
        return {{static_cast<std::int64_t>(f.packets(i))}, {}};
    case FilterField::Bytes:
        return {{f.bytes(i)}, {}};
    case FilterField::State:
        return {{}, {std::string(stateName(f.state(i)))}};
    case FilterField::Close:
        return {{}, {std::string(closeTypeName(f.closeType(i)))}};
    case FilterField::Reason:
        return {{}, {std::string(invalidReasonName(f.invalidReason(i)))}};
    case FilterField::Timeout:
        return {{f.has(i, FlowTable::ByTimeout) ? 1 : 0}, {}};
    default: // Time is no one number
        return {};
    }
}

inline bool textFits(std::string text, FilterExpression::Kind kind, FilterValue value)
{
    for (auto* const both : {&text, &value.text})
        std::transform(both->begin(), both->end(), both->begin(),
                       [](unsigned char c) { return std::tolower(c); });
    if (kind == FilterExpression::Kind::Contains || kind == FilterExpression::Kind::Says)
        return text.find(value.text) != std::string::npos;
    if (kind == FilterExpression::Kind::Begins)
        return text.starts_with(value.text);
    const auto a = IpAddress::parse(text), b = IpAddress::parse(value.text);
    if (value.network)
        return a && value.network->contains(*a);
    return text == value.text || (a && b && a->length == b->length && a->bytes == b->bytes);
}

/// One flow after the other, one part after the other.
inline bool plainlyFits(const Analysis& analysis, std::size_t i, const FilterExpression& e)
{
    using Kind = FilterExpression::Kind;
    const auto fits = [&](const FilterExpression& part) { return plainlyFits(analysis, i, part); };
    switch (e.kind) {
    case Kind::All:
        return std::all_of(e.parts.begin(), e.parts.end(), fits);
    case Kind::Any:
        return std::any_of(e.parts.begin(), e.parts.end(), fits);
    case Kind::None:
        return !fits(e.parts.front());
    case Kind::OfFlow:
        return fits(e.parts.front());
    case Kind::Says:
        for (const auto field : {FilterField::Address, FilterField::Protocol, FilterField::Service,
                                 FilterField::State, FilterField::Close, FilterField::Reason}) {
            for (const auto& text : valueOf(analysis, i, field).texts) {
                if (textFits(text, e.kind, e.values.front()))
                    return true;
            }
        }
        return false;
    default:
        break;
    }
    if (e.field == FilterField::Time)
        return std::any_of(e.values.begin(), e.values.end(), [&](const FilterValue& value) {
            return analysis.flows.end(i) >= value.least && analysis.flows.start(i) <= value.most;
        });
    auto value = valueOf(analysis, i, e.field);
    std::erase_if(value.texts, [&](const std::string& text) {
        const auto ip = IpAddress::parse(text);
        return ip && e.family != AddressFamily::Any && (ip->length == 4) != (e.family == AddressFamily::Ip4);
    });
    if (e.kind == Kind::Present)
        return !value.numbers.empty() || !value.texts.empty();
    for (const auto& wanted : e.values) {
        for (const auto number : value.numbers) {
            if (number >= wanted.least && number <= wanted.most)
                return true;
        }
        for (const auto& text : value.texts) {
            if (textFits(text, e.kind, wanted))
                return true;
        }
    }
    return false;
}

} // namespace packetloom::test
