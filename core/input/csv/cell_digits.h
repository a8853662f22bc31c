// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/digits.h"
#include "core/input/input_spec.h"
#include "core/model/packet.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace packetloom {

// The short way through the cells of other programs' tables: what is written as nearly all of them write it.
// As with digitsOf(), bits are set in `foreign` for anything else, which is then read with care
// (time_text.h, cell_text.h), and digitSlack bytes before the text belong to the caller.

/// A cell's number; an empty cell has none.
inline std::int64_t digitsOfCell(std::string_view text, std::uint64_t& foreign)
{
    if (text.empty()) {
        foreign |= 1;
        return 0;
    }
    return digitsOf(text.data(), text.data() + text.size(), foreign);
}

/// Seconds: "1257254615", "1257254615.000100", also to the nanosecond. As a whole number of microseconds,
/// rounded down; `remainder` becomes 1 when there is more.
inline std::int64_t digitsOfSeconds(std::string_view text, std::uint64_t& foreign, std::int8_t& remainder)
{
    constexpr std::size_t mostWhole = 12, fractionDigits = 6;
    static constexpr std::array<std::int64_t, fractionDigits + 1> powers{1'000'000, 100'000, 10'000, 1'000,
                                                                         100,       10,      1};
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    foreign |= static_cast<std::uint64_t>(whole.size() > mostWhole);
    std::int64_t value = digitsOfCell(whole, foreign);
    if (foreign != 0) // then the value may be anything
        return 0;
    value *= 1'000'000;
    if (point == std::string_view::npos)
        return value;
    const std::string_view fraction = text.substr(point + 1);
    const std::string_view counted = fraction.substr(0, fractionDigits);
    value += digitsOfCell(counted, foreign) * powers[counted.size()];
    if (const std::string_view rest = fraction.substr(counted.size()); !rest.empty())
        remainder = digitsOfCell(rest, foreign) != 0 ? 1 : 0;
    return value;
}

/// A date since 1970 and a time of day in UTC: "2009-11-03 13:23:35", "2009-11-03T13:23:35.000100Z", as
/// digitsOfSeconds().
inline std::int64_t digitsOfDate(std::string_view text, std::uint64_t& foreign, std::int8_t& remainder)
{
    constexpr std::size_t minutesEnd = 17, secondsEnd = 19; // "2009-11-03 13:23:"
    if (text.size() < secondsEnd) {
        foreign |= 1;
        return 0;
    }
    const bool shaped = text[4] == '-' && text[7] == '-' && (text[10] == ' ' || text[10] == 'T') &&
                        text[13] == ':' && text[16] == ':';
    const auto part = [&](std::size_t at, std::size_t size) {
        return static_cast<unsigned>(digitsOfCell(text.substr(at, size), foreign));
    };
    const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(part(0, 4))),
                                          std::chrono::month(part(5, 2)), std::chrono::day(part(8, 2))};
    const unsigned hour = part(11, 2), minute = part(14, 2), second = part(minutesEnd, 2);
    std::string_view seconds = text.substr(minutesEnd);
    if (seconds.back() == 'Z')
        seconds.remove_suffix(1);
    const std::int64_t ofMinute = digitsOfSeconds(seconds, foreign, remainder);
    foreign |=
        static_cast<std::uint64_t>(!shaped || !day.ok() || part(0, 4) < 1970 || hour > 23 || minute > 59 ||
                                   second > 59 || (seconds.size() > 2 && seconds[2] != '.'));
    if (foreign != 0)
        return 0;
    const std::int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
    return (days * 86'400 + hour * 3'600 + minute * 60) * 1'000'000 + ofMinute;
}

/// A time in a unit, as digitsOfSeconds().
inline std::int64_t digitsOfTime(std::string_view text, TimeUnit unit, std::uint64_t& foreign,
                                 std::int8_t& remainder)
{
    constexpr std::size_t mostMilliseconds = 15, nanoseconds = 3;
    switch (unit) {
    case TimeUnit::Seconds:
        return digitsOfSeconds(text, foreign, remainder);
    case TimeUnit::Milliseconds: {
        foreign |= static_cast<std::uint64_t>(text.size() > mostMilliseconds);
        const std::int64_t value = digitsOfCell(text, foreign);
        return foreign != 0 ? 0 : value * 1'000;
    }
    case TimeUnit::Nanoseconds: {
        if (text.size() <= nanoseconds) {
            foreign |= 1;
            return 0;
        }
        const std::size_t micro = text.size() - nanoseconds;
        remainder = digitsOfCell(text.substr(micro), foreign) != 0 ? 1 : 0;
        return digitsOfCell(text.substr(0, micro), foreign);
    }
    case TimeUnit::Microseconds:
        return digitsOfCell(text, foreign);
    case TimeUnit::Text:
        return digitsOfDate(text, foreign, remainder);
    case TimeUnit::Sniffed:
        break;
    }
    foreign |= 1;
    return 0;
}

/// TCP flags: "18", "0x0012"; 0 for none at all.
inline std::int64_t digitsOfFlags(std::string_view text, std::uint64_t& foreign)
{
    constexpr std::size_t mostHexDigits = 8;
    if (text.empty())
        return 0;
    if (!text.starts_with("0x"))
        return digitsOfCell(text, foreign);
    text.remove_prefix(2);
    foreign |= static_cast<std::uint64_t>(text.empty() || text.size() > mostHexDigits);
    std::int64_t value = 0;
    for (const char c : text.substr(0, mostHexDigits)) {
        const auto digit = static_cast<unsigned char>(c - '0');
        const auto letter = static_cast<unsigned char>((c | 0x20) - 'a');
        foreign |= static_cast<std::uint64_t>(digit > 9 && letter > 5);
        value = value * 16 + (digit <= 9 ? digit : letter + 10);
    }
    return value;
}

/// A protocol: "6", "TCP", "UDP", whether in capitals or not.
inline std::int64_t digitsOfProtocol(std::string_view text, std::uint64_t& foreign)
{
    const auto is = [&](const char* name) {
        return (text[0] | 0x20) == name[0] && (text[1] | 0x20) == name[1] && (text[2] | 0x20) == name[2];
    };
    if (text.size() == 3 && text[0] > '9')
        return is("tcp") ? protocolTcp : is("udp") ? protocolUdp : digitsOfCell(text, foreign);
    return digitsOfCell(text, foreign);
}

} // namespace packetloom
