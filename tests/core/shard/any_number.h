// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <iterator>
#include <limits>
#include <random>

namespace packetloom::test {

/// Below `usual`; now and then one at an end of what a capture may hold.
inline std::int64_t anyNumber(std::mt19937_64& random, std::uint64_t usual)
{
    constexpr auto least = std::numeric_limits<std::int64_t>::min(),
                   most = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t ends[]{least, most, -1, 0, 255, 65535, 65536, std::int64_t{1} << 32};
    return random() % 200 == 0 ? ends[random() % std::size(ends)]
                               : static_cast<std::int64_t>(random() % usual);
}

} // namespace packetloom::test
