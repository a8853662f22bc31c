// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom::test {

/// Keys that somebody who writes a capture can make for hashes without a secret: those of libstdc++ for
/// texts, and a mix of 64-bit numbers whose every step can be undone.

/// So many texts of 16 bytes, all of the same std::hash<std::string_view> of libstdc++ (MurmurHash64A with
/// the seed 0xc70f6907). They are no UTF-8.
inline std::vector<std::string> collidingTexts(std::size_t count)
{
    constexpr std::uint64_t m = 0xc6a4a7935bd1e995u, mInverse = 0x5f7a0ea7e59b19bdu;
    static_assert(m * mInverse == 1);
    constexpr std::size_t length = 16;
    constexpr std::uint64_t begin = 0xc70f6907u ^ length * m, target = 0x0123456789abcdefu;
    const auto scrambled = [](std::uint64_t k) {
        k *= m;
        k ^= k >> 47;
        return k * m;
    };
    const auto unscrambled = [](std::uint64_t k) {
        k *= mInverse;
        k ^= k >> 47;
        return k * mInverse;
    };
    constexpr std::string_view letters = "0123456789abcdef";
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; texts.size() < count; ++i) {
        std::string text(length, ' ');
        for (std::size_t digit = 0; digit < 8; ++digit)
            text[digit] = letters[i >> 4 * digit & 15];
        std::uint64_t first = 0;
        std::memcpy(&first, text.data(), sizeof first);
        const std::uint64_t second = unscrambled((begin ^ scrambled(first)) * m ^ target);
        std::memcpy(text.data() + 8, &second, sizeof second);
        texts.push_back(text);
    }
    return texts;
}

/// The mix that hashes of connections were made of.
inline std::uint64_t openMix(std::uint64_t a, std::uint64_t b)
{
    a ^= b + 0x9E3779B97F4A7C15u;
    a *= 0xD6E8FEB86659FD93u;
    return a ^ a >> 32;
}

/// The second port of a connection whose first is `low`: with it openMix(openMix(addresses, low), high) is
/// the same for every `low`.
inline std::int64_t collidingPort(std::uint64_t addresses, std::int64_t low)
{
    constexpr std::uint64_t target = 0x0123456789abcdefu;
    const std::uint64_t after = openMix(addresses, static_cast<std::uint64_t>(low));
    return static_cast<std::int64_t>((after ^ target) - 0x9E3779B97F4A7C15u);
}

/// Pairs of numbers, the smaller one first, whose openMix(openMix(ids, ids >> 32), 0) has no bit of the
/// lowest 24, where `ids` is the first number << 32 | the second.
inline std::vector<std::uint64_t> collidingPairs(std::size_t count)
{
    constexpr std::uint64_t added = 0x9E3779B97F4A7C15u, inverse = 0xcfee444d8b59a89bu;
    static_assert(0xD6E8FEB86659FD93u * inverse == 1);
    std::vector<std::uint64_t> pairs;
    for (std::uint64_t i = 1; pairs.size() < count; ++i) {
        std::uint64_t mixed = i << 24;
        for (const std::uint64_t b : {added, std::uint64_t{0}}) {
            mixed ^= mixed >> 32;
            mixed = (mixed * inverse) ^ b;
        }
        // Now it is ids ^ ((ids >> 32) + added), where a carry may have gone from the lower half to the
        // upper.
        for (const std::uint64_t carry : {0u, 1u}) {
            const std::uint64_t high = mixed >> 32 ^ ((added >> 32) + carry);
            const std::uint64_t ids = mixed ^ (high + added);
            if (ids >> 32 == high && high < (ids & 0xFFFFFFFFu)) {
                pairs.push_back(ids);
                break;
            }
        }
    }
    return pairs;
}

} // namespace packetloom::test
