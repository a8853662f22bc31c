// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/wide_sum.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace packetloom {

/// "1,234,567".
std::string grouped(std::uint64_t number);
std::string grouped(const WideSum& number);
/// "12.3%"; of nothing: "0.0%".
std::string percent(std::uint64_t part, std::uint64_t whole);
/// "1.2 MB" (powers of 1000).
std::string humanBytes(std::uint64_t bytes);
/// "0:07", "1:02:03"; whole seconds.
std::string clockTime(double seconds);
/// Microseconds since the epoch as "2009-11-03 13:23:35.000042 UTC"; the bare number beyond the year 9999.
std::string utcTime(std::int64_t microseconds);
/// A length of time in microseconds: "42 us", "1.500 s", "2:03:04".
std::string duration(std::uint64_t microseconds);
/// How long something lasts, for people, in its two largest units: "42 us", "12.5 ms", "6 min 32 s", "3 d 4
/// h", "11 y 278 d" (years of 365.2425 days); what is smaller is cut off.
std::string timeSpan(std::uint64_t microseconds);
/// "41.000013 s": to the microsecond.
std::string exactSeconds(std::uint64_t microseconds);
/// Text from a capture or a file name made safe for a terminal: characters that are not shown but obeyed
/// (controls, turns of direction, invisible ones, line separators) and what is not UTF-8 as \xNN.
std::string printable(std::string_view text);

} // namespace packetloom
