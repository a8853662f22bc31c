// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/number.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// A decimal number, with a fraction or an exponent or not, times 10^digits: rounded down, exactly, not
/// through a double. "12.5" seconds are 12500000 microseconds with 6 digits.
Number parseScaled(std::string_view text, int digits);

/// Which number comes first in a date that ends with its year.
enum class DateOrder : std::uint8_t { DayFirst, MonthFirst };

/// A time as tables of flows have it.
struct FlowTime
{
    Number::Kind kind = Number::Kind::Unreadable; ///< as of numbers; Integer where it was understood
    std::int64_t microseconds = 0;                ///< since the epoch, rounded down
    bool zone = true;                             ///< it says its time zone; else it is read as UTC
    bool date = true;                             ///< it says its date; else it is of 1970-01-01
};
/// Seconds since the epoch (or milliseconds, from 10^11 on, when they are whole: Zeek's JSON::TS_MILLIS); a
/// date and a time of day, "2009-11-03 13:23:35.000042" or "3/11/2009 1:23:35 PM", with T for the blank,
/// slashes or dashes, and Z, +01:00 or nothing behind it; or a time of day alone.
FlowTime parseFlowTime(std::string_view text, DateOrder order);
/// What a date that ends with its year tells by itself: one of its first two numbers is larger than 12.
std::optional<DateOrder> dateOrderOf(std::string_view text);

} // namespace packetloom
