// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/address_test.h"

#include "core/support/ascii_case.h"

#include <algorithm>

namespace packetloom {
namespace {

using Kind = FilterExpression::Kind;

constexpr std::size_t addressesBetweenStops = 4096;

} // namespace

TextTest::TextTest(Kind kind, const FilterValue& value)
    : kind_(kind), text_(lowerText(value.text)), pattern_(value.pattern)
{
}

bool TextTest::holds(std::string_view text) const
{
    switch (kind_) {
    case Kind::Contains:
    case Kind::Says:
        return holdsWord(text, text_);
    case Kind::Begins:
        return beginsWith(text, text_);
    case Kind::Matches:
        return pattern_ && pattern_->isIn(text);
    default:
        return sameText(text, text_);
    }
}

AddressTest::AddressTest(Kind kind, const FilterValue& value)
    : TextTest(kind, value),
      network_(value.network),
      ip_(kind == Kind::Equal ? IpAddress::parse(value.text) : std::nullopt)
{
}

bool AddressTest::holds(std::string_view text, const std::optional<IpAddress>& ip) const
{
    if (network_)
        return ip && network_->contains(*ip);
    // Of IPv4 there is only one way to write it.
    return TextTest::holds(text) || (needsIp() && ip && ip->length == ip_->length && ip->bytes == ip_->bytes);
}

AddressVerdicts::AddressVerdicts(const FilterExpression& expression)
    : family_(expression.family), present_(expression.kind == Kind::Present)
{
    for (const auto& value : expression.values)
        tests_.emplace_back(expression.kind, value);
    needsIp_ = family_ != AddressFamily::Any ||
               std::any_of(tests_.begin(), tests_.end(), [](const auto& test) { return test.needsIp(); });
}

void AddressVerdicts::learn(const AddressTable& addresses, StopFlag stop)
{
    const auto first = verdicts_.size();
    verdicts_.resize(addresses.size());
    for (auto i = first; i < verdicts_.size(); ++i) {
        if (i % addressesBetweenStops == 0 && stopped(stop))
            return;
        verdicts_[i] = holds(addresses.text(AddressId{static_cast<std::uint32_t>(i)})) ? 1 : 0;
    }
}

bool AddressVerdicts::holds(std::string_view text) const
{
    const auto ip = needsIp_ ? IpAddress::parse(text) : std::nullopt;
    if (ip && family_ != AddressFamily::Any && (ip->length == 4) != (family_ == AddressFamily::Ip4))
        return false;
    return present_ || std::any_of(tests_.begin(), tests_.end(),
                                   [&](const AddressTest& test) { return test.holds(text, ip); });
}

} // namespace packetloom
