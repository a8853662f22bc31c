// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/number.h"
#include "core/input/input_spec.h"
#include "core/support/date_text.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// The years that captures are from. Numbers of the four units of TimeUnit that mean such a year do not
/// overlap, so a plausible one tells its unit.
inline constexpr int firstPlausibleYear = 1990, lastPlausibleYear = 2100;
bool plausibleTime(std::int64_t microseconds);

/// A decimal number of a unit as microseconds, exactly: "1257254615.123456" seconds are not sent through a
/// double. What is less than a microsecond is the remainder. A comma may stand for the point. `base` is
/// added. Kinds as parseNumber() has them.
Number parseEpochTime(std::string_view text, TimeUnit unit, std::int64_t base = 0);

/// A cell's date and time (parseDate()) as microseconds. Kinds as parseNumber() has them.
Number parseDateTime(std::string_view text, ZoneSaid* zone = nullptr);

/// The unit in which a cell is a plausible time; nothing when it is in none.
std::optional<TimeUnit> unitOf(std::string_view text);

} // namespace packetloom
