// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/text_format.h"

#include "core/support/utf8.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace packetloom {
namespace {

std::string withGroups(std::string digits)
{
    const std::ptrdiff_t first = digits.starts_with('-') ? 1 : 0;
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

#ifdef __GNUC__
[[gnu::format(printf, 1, 2)]]
#endif
std::string
formatted(const char* pattern, ...)
{
    std::array<char, 64> text{};
    std::va_list values;
    va_start(values, pattern);
    // clang-tidy 14 forgets va_start() when it checks several files in one go
    std::vsnprintf(text.data(), text.size(), pattern, values); // NOLINT(clang-analyzer-valist.Uninitialized)
    va_end(values);
    return text.data();
}

// What is not shown but does something: Unicode's general categories Cc (controls; a terminal obeys them), Cf
// (formats: they turn the direction of writing, join, are invisible), Zl and Zp (line ends), and the code
// points that are kept for more of them. By Unicode 15.1.
bool isControl(std::uint32_t code)
{
    struct Range
    {
        std::uint32_t first, last;
    };
    constexpr std::array ranges{
        Range{0x0000, 0x001f},   Range{0x007f, 0x009f},                          // Cc
        Range{0x00ad, 0x00ad},                                                   // soft hyphen
        Range{0x0600, 0x0605},   Range{0x061c, 0x061c},   Range{0x06dd, 0x06dd}, // Arabic
        Range{0x070f, 0x070f},   Range{0x0890, 0x0891},   Range{0x08e2, 0x08e2},
        Range{0x180e, 0x180e},                            // Mongolian vowel separator
        Range{0x200b, 0x200f},                            // widthless space, joiners, direction marks
        Range{0x2028, 0x202e},                            // line and paragraph, embeddings and overrides
        Range{0x2060, 0x206f},                            // invisible operators, isolates, old formats
        Range{0xfeff, 0xfeff},                            // byte order mark
        Range{0xfff0, 0xfffb},                            // interlinear annotation, and what is kept
        Range{0x110bd, 0x110bd}, Range{0x110cd, 0x110cd}, // Kaithi
        Range{0x13430, 0x1343f},                          // hieroglyphs
        Range{0x1bca0, 0x1bca3},                          // shorthand
        Range{0x1d173, 0x1d17a},                          // music
        Range{0xe0000, 0xe0fff},                          // tags, selectors, and what is kept
    };
    const auto* const range = std::lower_bound(ranges.begin(), ranges.end(), code,
                                               [](const Range& r, std::uint32_t c) { return r.last < c; });
    return range != ranges.end() && code >= range->first;
}

} // namespace

std::string grouped(std::uint64_t number)
{
    return withGroups(std::to_string(number));
}

std::string grouped(const WideSum& number)
{
    return withGroups(number.decimal());
}

std::string percent(std::uint64_t part, std::uint64_t whole)
{
    return formatted("%.1f%%",
                     whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string humanBytes(std::uint64_t bytes)
{
    constexpr std::array units{"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000)
        return std::to_string(bytes) + " bytes";
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return formatted("%.1f %s", value, units[unit]);
}

std::string clockTime(double seconds)
{
    const auto whole = static_cast<long long>(std::llround(std::fmax(seconds, 0)));
    if (whole >= 3600)
        return formatted("%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
    return formatted("%lld:%02lld", whole / 60, whole % 60);
}

std::string utcTime(std::int64_t microseconds)
{
    using namespace std::chrono;
    constexpr std::int64_t lastShown = 253402300799999999;  // 9999-12-31 23:59:59.999999
    constexpr std::int64_t firstShown = -62135596800000000; // 0001-01-01
    if (microseconds > lastShown || microseconds < firstShown)
        return std::to_string(microseconds) + " us";
    const auto time = sys_time<std::chrono::microseconds>(std::chrono::microseconds(microseconds));
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    return formatted("%04d-%02u-%02u %02d:%02d:%02d.%06lld UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                     static_cast<int>(clock.seconds().count()),
                     static_cast<long long>(clock.subseconds().count()));
}

std::string duration(std::uint64_t microseconds)
{
    constexpr std::uint64_t second = 1'000'000;
    if (microseconds < 1000)
        return std::to_string(microseconds) + " us";
    if (microseconds < 60 * second)
        return formatted("%.3f s", static_cast<double>(microseconds) / static_cast<double>(second));
    const std::uint64_t whole = microseconds / second;
    return clockTime(static_cast<double>(whole));
}

std::string timeSpan(std::uint64_t microseconds)
{
    struct Unit
    {
        std::uint64_t seconds;
        const char* name;
    };
    constexpr std::array units{Unit{31'556'952, "y"}, Unit{86'400, "d"}, Unit{3600, "h"}, Unit{60, "min"},
                               Unit{1, "s"}};
    constexpr std::uint64_t second = 1'000'000;
    if (microseconds < 1000)
        return std::to_string(microseconds) + " us";
    if (microseconds < 60 * second) { // three digits and no zeros behind them
        const bool small = microseconds < second;
        auto text = formatted(
            "%llu.%03llu", static_cast<unsigned long long>(microseconds / (small ? 1000 : second)),
            static_cast<unsigned long long>(small ? microseconds % 1000 : microseconds % second / 1000));
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.')
            text.pop_back();
        return text + (small ? " ms" : " s");
    }
    const std::uint64_t whole = microseconds / second;
    std::size_t unit = 0;
    while (units[unit].seconds > whole)
        ++unit;
    std::string text = std::to_string(whole / units[unit].seconds) + ' ' + units[unit].name;
    const std::uint64_t rest = whole % units[unit].seconds / units[unit + 1].seconds;
    return rest == 0 ? text : text + ' ' + std::to_string(rest) + ' ' + units[unit + 1].name;
}

std::string exactSeconds(std::uint64_t microseconds)
{
    return formatted("%llu.%06llu s", static_cast<unsigned long long>(microseconds / 1'000'000),
                     static_cast<unsigned long long>(microseconds % 1'000'000));
}

std::string printable(std::string_view text)
{
    std::string safe;
    while (!text.empty()) {
        const auto piece = decodeUtf8(text);
        const bool harmless = piece.valid && !isControl(piece.codePoint);
        for (const char c : text.substr(0, piece.length)) {
            if (harmless)
                safe += c;
            else
                safe += formatted("\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
        }
        text.remove_prefix(piece.length);
    }
    return safe;
}

} // namespace packetloom
