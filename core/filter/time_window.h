// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <optional>

namespace packetloom {

/// Both bounds inclusive, microseconds since the epoch. A timestamp is given as its whole microseconds,
/// truncated toward zero, and the sign of what truncation took away: bounds are compared with what was
/// written.
struct TimeWindow
{
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> end;

    [[nodiscard]] bool startsAfter(std::int64_t whole, int remainder) const
    {
        return start && (whole < *start || (whole == *start && remainder < 0));
    }
    [[nodiscard]] bool endsBefore(std::int64_t whole, int remainder) const
    {
        return end && (whole > *end || (whole == *end && remainder > 0));
    }
};

} // namespace packetloom
