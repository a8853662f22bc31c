// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(_MSC_VER) && !defined(__clang__) && (defined(_M_X64) || defined(_M_ARM64))
#include <intrin.h>
#endif

namespace packetloom {

/// Hashes of what comes out of files. Whoever writes a file must not be able to choose keys that collide, so
/// every table draws a key of its own: without it, no two texts or numbers are more likely to have the same
/// hash than others. A hash is therefore another one in each run, and nothing that is written or shown may
/// depend on it, or on the order in which a table is walked.
class HashKey
{
public:
    /// A random one. Never throws: where the system has no randomness, time and place must do.
    HashKey() noexcept;

    /// All bits of the hash, the low ones too, depend on all of the key and the numbers.
    [[nodiscard]] std::uint64_t operator()(std::uint64_t number) const
    {
        return last(fold(number ^ first_, second_));
    }
    [[nodiscard]] std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const
    {
        return last(fold(a ^ first_, b ^ second_));
    }
    [[nodiscard]] std::uint64_t operator()(std::uint64_t a, std::uint64_t b, std::uint64_t c) const
    {
        return last(fold(a ^ first_, b ^ second_) ^ c);
    }
    [[nodiscard]] std::uint64_t operator()(std::string_view text) const
    {
        // The length comes last: joined with what the text has, it could be made up for.
        const std::uint64_t size = text.size();
        std::uint64_t hash = first_;
        while (text.size() > 2 * word) {
            hash = fold(load(text.data()) ^ second_, load(text.data() + word) ^ hash);
            text.remove_prefix(2 * word);
        }
        std::uint64_t a = 0, b = 0; // together all bytes that are left, some of them twice
        if (text.size() >= word) {
            a = load(text.data());
            b = load(text.data() + text.size() - word);
        } else if (text.size() >= halfWord) {
            a = loadHalf(text.data());
            b = loadHalf(text.data() + text.size() - halfWord);
        } else if (!text.empty()) {
            a = std::uint64_t{static_cast<unsigned char>(text.front())} << 8 |
                static_cast<unsigned char>(text[text.size() / 2]);
            b = static_cast<unsigned char>(text.back());
        }
        return last(fold(a ^ second_, b ^ hash) ^ size);
    }

    /// The two halves of the product, joined: what makes the hash (multiply and fold, the idea of wyhash).
    static std::uint64_t fold(std::uint64_t a, std::uint64_t b)
    {
#if defined(__SIZEOF_INT128__)
        __extension__ using Wide = unsigned __int128;
        const Wide product = Wide{a} * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
#elif defined(_MSC_VER) && !defined(__clang__) && defined(_M_X64)
        std::uint64_t high = 0;
        const std::uint64_t low = _umul128(a, b, &high);
        return low ^ high;
#elif defined(_MSC_VER) && !defined(__clang__) && defined(_M_ARM64)
        return a * b ^ __umulh(a, b);
#else
        return foldByHalves(a, b);
#endif
    }
    /// The same of 32-bit halves, for compilers without a wider product.
    static constexpr std::uint64_t foldByHalves(std::uint64_t a, std::uint64_t b)
    {
        constexpr std::uint64_t mask = 0xFFFFFFFFu;
        const std::uint64_t lowLow = (a & mask) * (b & mask), lowHigh = (a & mask) * (b >> 32),
                            highLow = (a >> 32) * (b & mask), highHigh = (a >> 32) * (b >> 32);
        const std::uint64_t middle = (lowLow >> 32) + (lowHigh & mask) + (highLow & mask);
        const std::uint64_t high = highHigh + (lowHigh >> 32) + (highLow >> 32) + (middle >> 32);
        return (middle << 32 | (lowLow & mask)) ^ high;
    }

private:
    // Tables of powers of two see the low bits alone. Those of a product of keys far apart (multiples of a
    // power of two) may be few, but not in both of its halves.
    [[nodiscard]] std::uint64_t last(std::uint64_t hash) const
    {
        hash = fold(hash, third_);
        return hash ^ hash >> 32;
    }

    static constexpr std::size_t word = sizeof(std::uint64_t), halfWord = sizeof(std::uint32_t);
    static std::uint64_t load(const char* bytes)
    {
        std::uint64_t number = 0;
        std::memcpy(&number, bytes, sizeof number);
        return number;
    }
    static std::uint64_t loadHalf(const char* bytes)
    {
        std::uint32_t number = 0;
        std::memcpy(&number, bytes, sizeof number);
        return number;
    }

    // Three independent numbers: were one made of another in a way that is known, swapping the factors of a
    // product would collide. The last one is odd.
    std::uint64_t first_, second_, third_;
};

/// For hash tables of texts, found by std::string_view too.
struct TextHash
{
    using is_transparent = void;
    HashKey key;
    std::size_t operator()(std::string_view text) const { return static_cast<std::size_t>(key(text)); }
};

} // namespace packetloom
