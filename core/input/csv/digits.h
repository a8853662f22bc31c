// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace packetloom {

/// Plain decimal digits, eight at a time in one 64-bit word ("SIMD within a register").
inline constexpr std::size_t mostWordDigits = 8, mostDigits = 16;

/// The caller must own so many bytes before the end of the digits.
inline constexpr std::size_t digitSlack = 8;

/// The value of the `length` (1 to 8) digits before `end`; bits are set in `foreign` when there is anything
/// but digits, so that many fields can be read before anybody asks.
inline std::uint64_t wordOfDigits(const char* end, std::size_t length, std::uint64_t& foreign)
{
    static_assert(std::endian::native == std::endian::little, "the first digit must be the lowest byte");
    std::uint64_t word = 0;
    std::memcpy(&word, end - mostWordDigits, mostWordDigits);
    const unsigned before = static_cast<unsigned>(mostWordDigits - length) * 8 % 64;
    // '0' is 0x30: each byte becomes its digit. What stands before the field becomes leading zeros.
    word = (word ^ 0x3030303030303030u) >> before << before;
    foreign |= ((word + 0x7676767676767676u) | word) & 0x8080808080808080u; // a byte above 9
    // Pairs, then fours, then all: the first byte is the most significant digit.
    word = word * 10 + (word >> 8);
    constexpr std::uint64_t pairs = 0x000000FF000000FFu;
    return ((word & pairs) * (100 + (std::uint64_t{1'000'000} << 32)) +
            (word >> 16 & pairs) * (1 + (std::uint64_t{10'000} << 32))) >>
           32;
}

/// The same; false when there is anything but digits.
inline bool parseWordOfDigits(const char* end, std::size_t length, std::uint64_t& value)
{
    std::uint64_t foreign = 0;
    const std::uint64_t number = wordOfDigits(end, length, foreign);
    if (foreign != 0)
        return false;
    value = number;
    return true;
}

/// The value of the digits in [begin, end). Bits are set in `foreign` when it is anything but 1 to 16 digits.
inline std::int64_t digitsOf(const char* begin, const char* end, std::uint64_t& foreign)
{
    const auto length = static_cast<std::size_t>(end - begin);
    if (length <= mostWordDigits) {
        foreign |= static_cast<std::uint64_t>(length == 0);
        return static_cast<std::int64_t>(wordOfDigits(end, length, foreign));
    }
    if (length > mostDigits) [[unlikely]] {
        foreign |= 1;
        return 0;
    }
    const std::uint64_t low = wordOfDigits(end, mostWordDigits, foreign);
    const std::uint64_t high = wordOfDigits(end - mostWordDigits, length - mostWordDigits, foreign);
    return static_cast<std::int64_t>(high * 100'000'000 + low);
}

/// The value of the digits in [begin, end), 1 to 16 of them; false when it is anything else.
inline bool parseDigits(const char* begin, const char* end, std::int64_t& value)
{
    std::uint64_t foreign = 0;
    const std::int64_t number = digitsOf(begin, end, foreign);
    if (foreign != 0)
        return false;
    value = number;
    return true;
}

} // namespace packetloom
