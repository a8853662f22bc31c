// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>

namespace packetloom {

/// Microseconds as seconds, with all six digits.
template <class Out>
void appendSeconds(Out& out, std::int64_t microseconds)
{
    constexpr std::uint64_t second = 1'000'000;
    const auto bits = static_cast<std::uint64_t>(microseconds);
    const std::uint64_t size = microseconds < 0 ? 0 - bits : bits;
    if (microseconds < 0)
        out.append('-');
    out.append(size / second);
    out.append('.');
    const std::uint64_t part = size % second;
    for (std::uint64_t digit = second / 10; digit > 0; digit /= 10)
        out.append(static_cast<char>('0' + static_cast<int>(part / digit % 10)));
}

} // namespace packetloom
