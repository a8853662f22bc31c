// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_key.h"
#include "core/filter/ip_network.h"
#include "core/model/address_table.h"
#include "core/support/hash_mix.h"
#include "core/support/stop_flag.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tsl/robin_map.h>
#include <utility>
#include <vector>

namespace packetloom {

/// Subnets and slices of time: how coarse they are.
struct GroupSteps
{
    unsigned prefix4 = 24;                ///< bits of an IPv4 subnet, up to 32
    unsigned prefix6 = 64;                ///< of an IPv6 subnet, up to 128
    std::int64_t sliceWidth = 60'000'000; ///< microseconds, at least 1; slices begin at its multiples

    friend bool operator==(const GroupSteps&, const GroupSteps&) = default;
};

/// The front of an address (RFC 4632, RFC 4291).
struct Subnet
{
    IpAddress base; ///< all other bits are 0
    unsigned prefix = 0;
};

/// What one group has in common in one key: which member holds it follows from the key.
struct GroupValue
{
    GroupKey key{};
    AddressId address{};
    AddressId other{};            ///< the second address of a pair
    std::optional<Subnet> subnet; ///< none: of addresses that are no IP addresses
    /// A port; the beginning of a slice (microseconds since the epoch); FlowState, CloseType or
    /// InvalidReason.
    std::int64_t number = 0;
    /// Protocol, service, flag type; a state only in a table of flows, which has words of its own. Hostile
    /// text, valid as long as the values.
    std::optional<std::string_view> word;
};

/// The different values of a key among what was looked at, numbered as they appeared (pairs by the first
/// appearance of their addresses).
class GroupValues
{
public:
    GroupValues() = default;
    explicit GroupValues(GroupKey key) : key_(key) {}

    [[nodiscard]] GroupKey key() const { return key_; }
    [[nodiscard]] std::size_t size() const { return codes_.size(); }
    [[nodiscard]] GroupValue value(std::uint32_t i) const;
    /// The place of every value in the order for people: addresses as addressRanks(), subnets likewise, ports
    /// and times by number, words byte by byte, states and reasons as in their lists. Equal places only for
    /// equal values. Empty when stopped.
    [[nodiscard]] std::vector<std::uint32_t> ranks(const AddressTable& addresses, StopFlag stop) const;

private:
    friend class ValueNumbers;

    [[nodiscard]] bool ofWords() const;

    GroupKey key_{};
    /// By key: an address; two of them, the first in the upper half; a number; an index into one of the two
    /// below.
    std::vector<std::uint64_t> codes_;
    std::vector<std::optional<Subnet>> subnets_;
    std::vector<std::string> words_;
};

/// Numbers values as they come.
class ValueNumbers
{
public:
    /// `addresses` must outlive it.
    ValueNumbers(GroupKey key, const GroupSteps& steps, const AddressTable& addresses);

    [[nodiscard]] std::uint32_t ofAddress(AddressId address)
    {
        std::uint32_t& number = byAddress_[index(address)];
        if (number == none)
            number = add(index(address));
        return number;
    }
    [[nodiscard]] std::uint32_t ofSubnet(AddressId address)
    {
        std::uint32_t& number = byAddress_[index(address)];
        if (number == none)
            number = subnetOf(addresses_.text(address));
        return number;
    }
    [[nodiscard]] std::uint32_t ofPair(AddressId a, AddressId b)
    {
        const auto low = std::min(index(a), index(b)), high = std::max(index(a), index(b));
        return ofCode(std::uint64_t{low} << 32 | high);
    }
    /// Many different pairs at once, the lower address first, in this order; before any other.
    void addPairs(std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs)
    {
        values_.codes_.reserve(pairs.size());
        for (const auto& [low, high] : pairs)
            values_.codes_.push_back(std::uint64_t{low} << 32 | high);
    }
    /// A port, a state and the like.
    [[nodiscard]] std::uint32_t ofNumber(std::int64_t number)
    {
        if (number < 0 || number >= static_cast<std::int64_t>(usualNumbers))
            return ofCode(static_cast<std::uint64_t>(number));
        std::uint32_t& known = byNumber_[static_cast<std::size_t>(number)];
        if (known == none)
            known = add(static_cast<std::uint64_t>(number));
        return known;
    }
    [[nodiscard]] std::uint32_t ofTime(std::int64_t microseconds);
    [[nodiscard]] std::uint32_t ofWord(std::string_view word);

    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] GroupValues take() { return std::move(values_); }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    static constexpr std::size_t usualNumbers = 65536;

    struct Hash
    {
        HashKey key;
        std::size_t operator()(std::uint64_t code) const { return static_cast<std::size_t>(key(code)); }
    };

    [[nodiscard]] std::uint32_t add(std::uint64_t code)
    {
        values_.codes_.push_back(code);
        return static_cast<std::uint32_t>(values_.codes_.size() - 1);
    }
    [[nodiscard]] std::uint32_t ofCode(std::uint64_t code)
    {
        if (code != lastCode_ || lastNumber_ == none) {
            const auto [found, isNew] = byCode_.try_emplace(code, none);
            if (isNew)
                found.value() = add(code);
            lastCode_ = code;
            lastNumber_ = found->second;
        }
        return lastNumber_;
    }
    [[nodiscard]] std::uint32_t subnetOf(std::string_view address);

    const AddressTable& addresses_;
    GroupSteps steps_;
    GroupValues values_;
    std::vector<std::uint32_t> byAddress_; ///< by address, where these are asked for
    std::vector<std::uint32_t> byNumber_;  ///< of the usual ones
    tsl::robin_map<std::uint64_t, std::uint32_t, Hash> byCode_;
    std::uint64_t lastCode_ = 0; ///< often the next one is the same
    std::uint32_t lastNumber_ = none;
    tsl::robin_map<std::string, std::uint32_t, TextHash, std::equal_to<>> byText_; ///< subnets by their bits
    std::uint32_t lastWord_ = none;
};

} // namespace packetloom
