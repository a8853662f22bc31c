// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/zigzag.h"

#include <cstddef>
#include <cstdint>

namespace packetloom {

/// Variable-length integers (LEB128), and signed differences in them.
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

/// The same of bytes that may be anything: no more than longestVarint are taken.
inline std::uint64_t takeAnyVarint(const std::uint8_t*& at)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::uint64_t byte = *at++;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    return value;
}

inline std::uint8_t* putDifference(std::uint8_t* at, std::int64_t value, std::int64_t predicted)
{
    return putVarint(at, zigzag(value, predicted));
}

inline std::int64_t takeDifference(const std::uint8_t*& at, std::int64_t predicted)
{
    return unzigzag(takeVarint(at), predicted);
}

} // namespace packetloom
