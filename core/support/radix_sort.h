// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace packetloom {

/// Something by its place in an order.
template <class Key>
struct Ranked
{
    Key key = 0;
    std::uint32_t what = 0;

    friend bool operator<(const Ranked& a, const Ranked& b) { return a.key < b.key; }
};

/// Sorts by key; equal ones stay as they are. Linear: millions of keys that are numbers of rows are in order
/// a few times faster than by comparing them. What is in order already costs a look.
template <class Key>
void sortRanked(std::vector<Ranked<Key>>& all)
{
    if (std::is_sorted(all.begin(), all.end()))
        return;
    constexpr std::size_t fewWorthIt = 4096;
    if (all.size() < fewWorthIt) {
        std::stable_sort(all.begin(), all.end());
        return;
    }
    Key least = all.front().key, most = all.front().key;
    for (const Ranked<Key>& one : all) {
        least = std::min(least, one.key);
        most = std::max(most, one.key);
    }
    static_assert(std::is_unsigned_v<Key>);
    constexpr unsigned keyBits = 8 * sizeof(Key), digitBits = 11;
    constexpr std::size_t digits = std::size_t{1} << digitBits;
    std::vector<Ranked<Key>> other(all.size());
    for (unsigned shift = 0; shift < keyBits && (most - least) >> shift != 0; shift += digitBits) {
        const auto digit = [&](const Ranked<Key>& one) { return (one.key - least) >> shift & (digits - 1); };
        std::array<std::size_t, digits> begins{};
        for (const Ranked<Key>& one : all)
            ++begins[digit(one)];
        std::size_t sum = 0;
        for (std::size_t& begin : begins)
            begin = std::exchange(sum, sum + begin);
        for (const Ranked<Key>& one : all)
            other[begins[digit(one)]++] = one;
        all.swap(other);
    }
}

} // namespace packetloom
