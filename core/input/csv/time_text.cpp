// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/time_text.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

namespace packetloom {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t second = 1'000'000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

int microsecondDigits(TimeUnit unit)
{
    switch (unit) {
    case TimeUnit::Seconds:
        return 6;
    case TimeUnit::Milliseconds:
        return 3;
    case TimeUnit::Nanoseconds:
        return -3;
    default:
        return 0;
    }
}

std::int64_t startOf(int year)
{
    using namespace std::chrono;
    const sys_days day = std::chrono::year(year) / January / 1;
    return std::int64_t{day.time_since_epoch().count()} * 86400 * second;
}

} // namespace

bool plausibleTime(std::int64_t microseconds)
{
    static const std::int64_t first = startOf(firstPlausibleYear), end = startOf(lastPlausibleYear + 1);
    return microseconds >= first && microseconds < end;
}

Number parseEpochTime(std::string_view text, TimeUnit unit, std::int64_t base)
{
    const auto bare = trimmed(text);
    const bool negative = bare.starts_with('-');
    auto digits = bare.substr(negative || bare.starts_with('+') ? 1 : 0);
    const auto whole =
        static_cast<std::size_t>(std::find_if_not(digits.begin(), digits.end(), isDigit) - digits.begin());
    std::size_t end = whole;
    if (end < digits.size() && (digits[end] == '.' || digits[end] == ','))
        ++end;
    const std::size_t fraction = end;
    while (end < digits.size() && isDigit(digits[end]))
        ++end;
    int exponent = 0;
    if (whole + (end - fraction) == 0)
        return parseNumber(text).kind == Number::Kind::Missing     ? Number{.kind = Number::Kind::Missing}
               : parseNumber(text).kind == Number::Kind::NotFinite ? Number{.kind = Number::Kind::NotFinite}
                                                                   : Number{};
    if (end < digits.size()) {
        auto power = digits.substr(end);
        if ((power[0] | 0x20) != 'e' || power.size() < 2)
            return {};
        power.remove_prefix(power[1] == '+' ? 2 : 1);
        const auto [stop, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
        if (error != std::errc() || stop != power.data() + power.size() || exponent > 400 || exponent < -400)
            return {};
    }
    // Digits before the point of microseconds are the value, those behind it the remainder.
    const std::int64_t before = static_cast<std::int64_t>(whole) + exponent + microsecondDigits(unit);
    std::int64_t value = 0, place = 0;
    bool more = false;
    const auto add = [&](int digit) {
        if (place++ >= before) {
            more = more || digit != 0;
            return true;
        }
        if (value > (largest - digit) / 10)
            return false;
        value = value * 10 + digit;
        return true;
    };
    for (std::size_t i = 0; i < end; ++i) {
        if (isDigit(digits[i]) && !add(digits[i] - '0'))
            return {.kind = Number::Kind::OutOfRange};
    }
    while (place < before && value != 0) {
        if (!add(0))
            return {.kind = Number::Kind::OutOfRange};
    }
    if (negative)
        value = -value;
    if ((base > 0 && value > largest - base) || (base < 0 && value < -largest - base))
        return {.kind = Number::Kind::OutOfRange};
    return {value + base, more ? Number::Kind::Fraction : Number::Kind::Integer,
            static_cast<std::int8_t>(!more      ? 0
                                     : negative ? -1
                                                : 1)};
}

Number parseDateTime(std::string_view cell, ZoneSaid* zone)
{
    if (isMissing(trimmed(cell)))
        return {.kind = Number::Kind::Missing};
    const auto time = parseDate(cell);
    if (!time)
        return {};
    if (zone)
        *zone = time->zone;
    // Before the epoch what is less than a microsecond would count the other way: there it is left out.
    const bool more = time->more && time->microseconds >= 0;
    return {time->microseconds, more ? Number::Kind::Fraction : Number::Kind::Integer,
            static_cast<std::int8_t>(more ? 1 : 0)};
}

std::optional<TimeUnit> unitOf(std::string_view text)
{
    for (const auto unit :
         {TimeUnit::Microseconds, TimeUnit::Seconds, TimeUnit::Milliseconds, TimeUnit::Nanoseconds}) {
        const auto time = parseEpochTime(text, unit);
        if (time.usable() && plausibleTime(time.whole))
            return unit;
    }
    const auto date = parseDateTime(text);
    return date.usable() && plausibleTime(date.whole) ? std::optional(TimeUnit::Text) : std::nullopt;
}

} // namespace packetloom
