// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

namespace packetloom {

// A column of numbers that are near each other: the least of them, and how much more each is, in as many
// bytes as the greatest takes (none where all are equal). Any number of it can be read without those before,
// and columns that are not asked for cost nothing. At most 8 bytes a number and packedColumnHead.

inline constexpr std::size_t packedColumnHead = 9;
/// Writing and reading touch so many bytes behind a column, whatever they are.
inline constexpr std::size_t packedColumnSlack = 8;

namespace detail {

constexpr std::uint64_t littleEndian(std::uint64_t number)
{
    if constexpr (std::endian::native == std::endian::big) {
        std::uint64_t turned = 0;
        for (unsigned i = 0; i < 8; ++i)
            turned |= (number >> (8 * i) & 0xff) << (56 - 8 * i);
        return turned;
    }
    return number;
}

inline std::uint64_t loadPacked(const std::uint8_t* at)
{
    std::uint64_t number = 0;
    std::memcpy(&number, at, sizeof number);
    return littleEndian(number);
}

inline void storePacked(std::uint8_t* at, std::uint64_t number)
{
    number = littleEndian(number);
    std::memcpy(at, &number, sizeof number);
}

template <unsigned Width, class Set>
void unpackColumnOf(const std::uint8_t* at, std::size_t count, std::uint64_t least, const Set& set)
{
    constexpr std::uint64_t mask = Width == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * (Width % 8)) - 1;
    for (std::size_t i = 0; i < count; ++i) {
        set(i, static_cast<std::int64_t>(least + (loadPacked(at) & mask)));
        at += Width;
    }
}

} // namespace detail

/// Writes `get(0)` to `get(count - 1)`, which are std::int64_t; `count` is at least 1. Returns the end.
template <class Get>
std::uint8_t* packColumn(std::uint8_t* at, std::size_t count, const Get& get)
{
    std::int64_t least = get(0), most = least;
    for (std::size_t i = 1; i < count; ++i) {
        const std::int64_t number = get(i);
        least = std::min(least, number);
        most = std::max(most, number);
    }
    const auto from = static_cast<std::uint64_t>(least);
    const unsigned width =
        (static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(most) - from)) + 7) / 8;
    *at = static_cast<std::uint8_t>(width);
    detail::storePacked(at + 1, from);
    at += packedColumnHead;
    if (width == 0)
        return at;
    for (std::size_t i = 0; i < count; ++i) {
        detail::storePacked(at, static_cast<std::uint64_t>(get(i)) - from);
        at += width;
    }
    return at;
}

/// Where the column at `at` ends.
inline const std::uint8_t* skipColumn(const std::uint8_t* at, std::size_t count)
{
    return at + packedColumnHead + std::size_t{*at} * count;
}

/// How many of the bytes a column takes that may come from anywhere; none where it is no column, or leaves
/// them.
inline std::optional<std::size_t> columnBytes(std::span<const std::uint8_t> bytes, std::size_t count)
{
    if (bytes.size() < packedColumnHead || bytes[0] > sizeof(std::uint64_t))
        return std::nullopt;
    const std::size_t size = packedColumnHead + bytes[0] * count;
    return size <= bytes.size() ? std::optional(size) : std::nullopt;
}

/// Calls `set(i, number)` for each number, a std::int64_t. Returns the end.
template <class Set>
const std::uint8_t* unpackColumn(const std::uint8_t* at, std::size_t count, const Set& set)
{
    const std::uint8_t* const begin = at + packedColumnHead;
    const std::uint64_t least = detail::loadPacked(at + 1);
    const unsigned width = *at;
    [&]<unsigned... widths>(std::integer_sequence<unsigned, widths...>)
    {
        static_cast<void>(
            ((width == widths ? (detail::unpackColumnOf<widths>(begin, count, least, set), true) : false) ||
             ...));
    }
    (std::make_integer_sequence<unsigned, 9>());
    return skipColumn(at, count);
}

} // namespace packetloom
