// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_shorthand.h"

#include "core/filter/filter_value.h"
#include "core/model/flow_life.h"
#include "core/model/ip_protocol.h"
#include "core/model/service_name.h"
#include "core/support/ascii_case.h"

#include <algorithm>
#include <string>
#include <utility>

namespace packetloom {
namespace {

using Kind = FilterExpression::Kind;

FilterExpression test(FilterField field, FilterValue value, Kind kind = Kind::Equal)
{
    FilterExpression expression;
    expression.kind = kind;
    expression.field = field;
    expression.values.push_back(std::move(value));
    return expression;
}

FilterExpression ofText(FilterField field, std::string_view text)
{
    return test(field, {0, 0, std::string(text), {}, {}});
}

FilterExpression group(Kind kind, std::vector<FilterExpression> parts)
{
    FilterExpression expression;
    expression.kind = kind;
    expression.parts = std::move(parts);
    return expression;
}

/// "443", "8000..8100"
std::optional<FilterValue> ports(std::string_view text)
{
    const auto plain = [](std::string_view digits) {
        return !digits.empty() &&
               std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto dots = std::min(text.find(".."), text.size());
    const auto first = text.substr(0, dots), last = dots < text.size() ? text.substr(dots + 2) : first;
    if (!plain(first) || !plain(last))
        return std::nullopt;
    auto from = filterValue(first, FilterType::Number);
    const auto to = filterValue(last, FilterType::Number);
    if (!from || !to || from->least > to->least)
        return std::nullopt;
    from->most = to->most;
    return from;
}

/// "10.0.0.1:443", "[2001:db8::1]:443", "10.0.0.0/8:443".
std::optional<FilterExpression> endpoint(std::string_view word)
{
    const auto colon = word.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return std::nullopt;
    auto address = word.substr(0, colon);
    const auto port = ports(word.substr(colon + 1));
    const bool bracketed = address.starts_with('[') && address.ends_with(']');
    if (bracketed)
        address = address.substr(1, address.size() - 2);
    const auto ip = IpAddress::parse(address.substr(0, address.find('/')));
    const auto value = filterValue(address, FilterType::Address);
    if (!port || !ip || !value || (ip->length == 16) != bracketed)
        return std::nullopt;
    return group(Kind::Any,
                 {group(Kind::All, {test(FilterField::Source, *value), test(FilterField::SourcePort, *port)}),
                  group(Kind::All, {test(FilterField::Destination, *value),
                                    test(FilterField::DestinationPort, *port)})});
}

/// "10.0.0.": whole parts of an IPv4 address from its front.
bool isFrontOfAddress(std::string_view word)
{
    if (!word.ends_with('.'))
        return false;
    const auto parts = std::count(word.begin(), word.end(), '.');
    std::string whole(word);
    for (auto part = parts; part < 4; ++part)
        whole += part + 1 < 4 ? "0." : "0";
    return parts <= 3 && IpAddress::parse(whole).has_value();
}

/// The fields among whose values a word is.
std::vector<FilterExpression> named(std::string_view word)
{
    std::vector<FilterExpression> found;
    const auto look = [&](FilterField field, std::size_t count, auto nameOf) {
        for (std::size_t i = 0; i < count; ++i) {
            if (nameOf(i) == word)
                found.push_back(ofText(field, word));
        }
    };
    look(FilterField::State, flowStateCount,
         [](std::size_t i) { return stateName(static_cast<FlowState>(i)); });
    look(FilterField::Close, closeTypeCount,
         [](std::size_t i) { return closeTypeName(static_cast<CloseType>(i)); });
    look(FilterField::Reason, invalidReasonCount,
         [](std::size_t i) { return invalidReasonName(static_cast<InvalidReason>(i)); });
    // "41" is no word, and "ipv6" by itself asks for addresses.
    if (const auto number = ipProtocolNumber(word); number && word[0] >= 'a' && word != "ipv6")
        found.push_back(test(FilterField::Protocol, *filterValue(word, FilterType::Protocol)));
    if (word == "ip" || word == "ipv6")
        found.push_back(
            isPresent(FilterField::Address, word == "ip" ? AddressFamily::Ip4 : AddressFamily::Ip6));
    if (servicePort(word))
        found.push_back(ofText(FilterField::Service, word));
    return found;
}

} // namespace

std::optional<FilterExpression> filterShorthand(std::string_view word)
{
    constexpr std::string_view flow = "flow_";
    if (word.starts_with(':')) {
        if (const auto port = ports(word.substr(1)))
            return test(FilterField::Port, *port);
    }
    if (lowerText(word.substr(0, flow.size())) == flow) {
        const auto number = ports(word.substr(flow.size())); // digits all the same
        return number ? std::optional(test(FilterField::Number, *number)) : std::nullopt;
    }
    if (IpAddress::parse(word) || IpNetwork::parse(word))
        return test(FilterField::Address, *filterValue(word, FilterType::Address));
    if (isFrontOfAddress(word))
        return test(FilterField::Address, {0, 0, std::string(word), {}, {}}, Kind::Begins);
    if (auto found = endpoint(word))
        return found;
    if (auto parts = named(lowerText(word)); !parts.empty())
        return parts.size() == 1 ? std::move(parts.front()) : group(Kind::Any, std::move(parts));
    return std::nullopt;
}

} // namespace packetloom
