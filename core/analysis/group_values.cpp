// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/group_values.h"

#include "core/analysis/address_query.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace packetloom {
namespace {

bool ofAddresses(GroupKey key)
{
    return key == GroupKey::Source || key == GroupKey::Destination || key == GroupKey::Address;
}

bool ofSubnets(GroupKey key)
{
    return key == GroupKey::SourceSubnet || key == GroupKey::DestinationSubnet || key == GroupKey::Subnet;
}

AddressId upper(std::uint64_t code)
{
    return static_cast<AddressId>(static_cast<std::uint32_t>(code >> 32));
}

AddressId lower(std::uint64_t code)
{
    return static_cast<AddressId>(static_cast<std::uint32_t>(code));
}

/// The address without the bits behind the prefix.
Subnet subnetWith(IpAddress address, unsigned prefix)
{
    for (std::size_t i = 0; i < address.bytes.size(); ++i) {
        const auto kept = prefix >= 8 * (i + 1) ? 8
                          : prefix > 8 * i      ? prefix - static_cast<unsigned>(8 * i)
                                                : 0;
        address.bytes[i] &= static_cast<std::uint8_t>(0xFF00u >> kept);
    }
    return {address, prefix};
}

/// Places of all values, of which `before` knows the order; equal ones share a place.
template <class Before>
std::vector<std::uint32_t> placesBy(std::size_t count, const Before& before)
{
    std::vector<std::uint32_t> order(count), places(count);
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::stable_sort(order.begin(), order.end(), before);
    for (std::size_t i = 1; i < count; ++i)
        places[order[i]] = places[order[i - 1]] + (before(order[i - 1], order[i]) ? 1 : 0);
    return places;
}

} // namespace

bool GroupValues::ofWords() const
{
    return key_ == GroupKey::Protocol || key_ == GroupKey::Service || key_ == GroupKey::Flags ||
           !words_.empty();
}

GroupValue GroupValues::value(std::uint32_t i) const
{
    GroupValue value{
        .key = key_, .address = {}, .other = {}, .subnet = {}, .number = 0, .word = std::nullopt};
    const std::uint64_t code = codes_[i];
    if (key_ == GroupKey::Pair) {
        value.address = upper(code);
        value.other = lower(code);
    } else if (ofAddresses(key_)) {
        value.address = lower(code);
    } else if (ofSubnets(key_)) {
        value.subnet = subnets_[static_cast<std::size_t>(code)];
    } else if (ofWords()) {
        value.word = words_[static_cast<std::size_t>(code)];
    } else {
        value.number = static_cast<std::int64_t>(code);
    }
    return value;
}

std::vector<std::uint32_t> GroupValues::ranks(const AddressTable& addresses, StopFlag stop) const
{
    const auto code = [this](std::uint32_t i) { return codes_[i]; };
    const auto word = [this](std::uint32_t i) -> const std::string& {
        return words_[static_cast<std::size_t>(codes_[i])];
    };
    if (ofAddresses(key_) || key_ == GroupKey::Pair) {
        const auto places = addressRanks(addresses, stop);
        if (places.empty())
            return {};
        const auto place = [&](std::uint32_t i) {
            return std::pair(key_ == GroupKey::Pair ? places[index(upper(code(i)))] : 0,
                             places[index(lower(code(i)))]);
        };
        return placesBy(size(), [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
    }
    if (ofSubnets(key_))
        return placesBy(size(), [&](std::uint32_t a, std::uint32_t b) {
            const auto &one = subnets_[static_cast<std::size_t>(code(a))],
                       &other = subnets_[static_cast<std::size_t>(code(b))];
            if (!one || !other) // what is none comes last
                return one.has_value() && !other;
            return std::pair(one->base.length, one->base.bytes) <
                   std::pair(other->base.length, other->base.bytes);
        });
    if (ofWords())
        return placesBy(size(), [&](std::uint32_t a, std::uint32_t b) { return word(a) < word(b); });
    return placesBy(size(), [&](std::uint32_t a, std::uint32_t b) {
        return static_cast<std::int64_t>(code(a)) < static_cast<std::int64_t>(code(b));
    });
}

ValueNumbers::ValueNumbers(GroupKey key, const GroupSteps& steps, const AddressTable& addresses)
    : addresses_(addresses), steps_(steps), values_(key)
{
    if (ofAddresses(key) || ofSubnets(key))
        byAddress_.assign(addresses.size(), none);
    else
        byNumber_.assign(usualNumbers, none);
}

std::uint32_t ValueNumbers::ofTime(std::int64_t microseconds)
{
    const std::int64_t width = steps_.sliceWidth;
    const std::int64_t rest = microseconds % width, into = rest < 0 ? rest + width : rest;
    // The first slice of all begins where numbers do.
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    return ofCode(static_cast<std::uint64_t>(microseconds < least + into ? least : microseconds - into));
}

std::uint32_t ValueNumbers::ofWord(std::string_view word)
{
    if (lastWord_ != none && values_.words_[lastWord_] == word) // a word's number is its place here
        return lastWord_;
    auto found = byText_.find(word);
    if (found == byText_.end()) {
        values_.words_.emplace_back(word);
        found = byText_.emplace(std::string(word), add(values_.words_.size() - 1)).first;
    }
    lastWord_ = found->second;
    return lastWord_;
}

std::uint32_t ValueNumbers::subnetOf(std::string_view address)
{
    const auto ip = IpAddress::parse(address);
    std::optional<Subnet> subnet;
    std::string bits; // empty of what is no address
    if (ip) {
        subnet =
            subnetWith(*ip, ip->length == 4 ? std::min(steps_.prefix4, 32u) : std::min(steps_.prefix6, 128u));
        bits.assign(subnet->base.bytes.begin(), subnet->base.bytes.begin() + ip->length);
    }
    const auto [found, isNew] = byText_.try_emplace(std::move(bits), none);
    if (isNew) {
        values_.subnets_.push_back(subnet);
        found.value() = add(values_.subnets_.size() - 1);
    }
    return found->second;
}

} // namespace packetloom
