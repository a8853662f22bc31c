// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>

namespace packetloom {

/// Variable-length integers (LEB128), and signed differences in them. Differences wrap around, so that the
/// ends of 64 bits are exact too; zigzag makes small negative ones short.
inline constexpr std::size_t longestVarint = 10;

inline std::uint8_t* putVarint(std::uint8_t* at, std::uint64_t value)
{
    while (value >= 0x80) {
        *at++ = static_cast<std::uint8_t>(value | 0x80);
        value >>= 7;
    }
    *at++ = static_cast<std::uint8_t>(value);
    return at;
}

inline std::uint64_t takeVarint(const std::uint8_t*& at)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const std::uint64_t byte = *at++;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

inline std::uint8_t* putDifference(std::uint8_t* at, std::int64_t value, std::int64_t predicted)
{
    const auto difference = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(predicted);
    return putVarint(at, difference << 1 ^ (difference >> 63 ? ~std::uint64_t{0} : 0));
}

inline std::int64_t takeDifference(const std::uint8_t*& at, std::int64_t predicted)
{
    const std::uint64_t zigzag = takeVarint(at);
    const std::uint64_t difference = zigzag >> 1 ^ (zigzag & 1 ? ~std::uint64_t{0} : 0);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(predicted) + difference);
}

} // namespace packetloom
