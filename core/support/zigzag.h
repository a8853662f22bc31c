// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>

namespace packetloom {

/// Signed differences as numbers that are small when the difference is, on either side of 0. Differences wrap
/// around, so that the ends of 64 bits are exact too.
constexpr std::uint64_t zigzag(std::int64_t value, std::int64_t predicted)
{
    const auto difference = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(predicted);
    return difference << 1 ^ (difference >> 63 ? ~std::uint64_t{0} : 0);
}

constexpr std::int64_t unzigzag(std::uint64_t number, std::int64_t predicted)
{
    const std::uint64_t difference = number >> 1 ^ (number & 1 ? ~std::uint64_t{0} : 0);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(predicted) + difference);
}

} // namespace packetloom
