// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/date_text.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace packetloom {
namespace {

constexpr std::int64_t second = 1'000'000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Takes pieces from the front of a text.
class Scanner
{
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] bool done() const { return rest_.empty(); }
    bool take(char c)
    {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    void blanks() { rest_ = rest_.substr(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
    /// `least` to `most` digits.
    bool number(std::size_t least, std::size_t most, int& value)
    {
        std::size_t n = 0;
        value = 0;
        for (; n < most && n < rest_.size() && isDigit(rest_[n]); ++n)
            value = value * 10 + (rest_[n] - '0');
        rest_.remove_prefix(n);
        return n >= least;
    }
    std::string_view word()
    {
        std::size_t n = 0;
        while (n < rest_.size() && ((rest_[n] | 0x20) >= 'a' && (rest_[n] | 0x20) <= 'z'))
            ++n;
        const auto word = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return word;
    }

private:
    std::string_view rest_;
};

/// The number of a month's name, by its first three letters; 0 for none.
int monthOf(std::string_view name)
{
    constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
    if (name.size() < 3)
        return 0;
    const std::array<char, 3> lower{static_cast<char>(name[0] | 0x20), static_cast<char>(name[1] | 0x20),
                                    static_cast<char>(name[2] | 0x20)};
    const auto found = std::find(months.begin(), months.end(), std::string_view(lower.data(), lower.size()));
    return found == months.end() ? 0 : static_cast<int>(found - months.begin()) + 1;
}

struct Zone
{
    std::string_view name;
    int hours;
};
constexpr std::array zones{
    Zone{"UTC", 0},  Zone{"GMT", 0},  Zone{"Z", 0},    Zone{"UT", 0},   Zone{"EST", -5},
    Zone{"EDT", -4}, Zone{"CST", -6}, Zone{"CDT", -5}, Zone{"MST", -7}, Zone{"MDT", -6},
    Zone{"PST", -8}, Zone{"PDT", -7}, Zone{"WET", 0},  Zone{"WEST", 1}, Zone{"BST", 1},
    Zone{"CET", 1},  Zone{"CEST", 2}, Zone{"EET", 2},  Zone{"EEST", 3},
};

/// What stands behind the time: seconds east of UTC. False when it is no zone.
bool takeZone(Scanner& text, std::int64_t& east, ZoneSaid& said)
{
    text.blanks();
    said = ZoneSaid::No;
    if (text.done())
        return true;
    const char sign = text.rest().front();
    if (sign == '+' || sign == '-') {
        text.take(sign);
        int hours = 0, minutes = 0;
        if (!text.number(2, 2, hours))
            return false;
        const bool colon = text.take(':');
        if ((colon || !text.done()) && !text.number(2, 2, minutes))
            return false;
        east = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
        said = ZoneSaid::Yes;
        return text.done() && hours < 24 && minutes < 60;
    }
    const auto name = text.rest();
    const auto known =
        std::find_if(zones.begin(), zones.end(), [&](const Zone& z) { return z.name == name; });
    said = known != zones.end() ? ZoneSaid::Yes : ZoneSaid::Unknown;
    if (known != zones.end())
        east = known->hours * 3600;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0x80) != 0 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
               c == ' ' || c == '.' || c == '/' || c == '_';
    });
}

bool takeDate(Scanner& text, int& year, int& month, int& day)
{
    if (const int named = monthOf(text.rest()); named != 0) { // "Nov  3, 2009 "
        month = named;
        text.word();
        text.blanks();
        if (!text.number(1, 2, day))
            return false;
        text.take(',');
        text.blanks();
        if (!text.number(4, 4, year))
            return false;
        text.take(',');
        return true;
    }
    if (!text.number(4, 4, year))
        return false;
    const char between = text.rest().starts_with('/') ? '/' : '-';
    return text.take(between) && text.number(2, 2, month) && text.take(between) && text.number(2, 2, day);
}

} // namespace

std::optional<DateTime> parseDate(std::string_view text)
{
    const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
    Scanner scanner(text.substr(begin, text.find_last_not_of(" \t") + 1 - begin));
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, seconds = 0;
    if (!takeDate(scanner, year, month, day))
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return std::nullopt;
    if (!scanner.take('T'))
        scanner.blanks();
    std::int64_t micro = 0;
    bool more = false;
    if (!scanner.done()) {
        if (!scanner.number(2, 2, hour) || !scanner.take(':') || !scanner.number(2, 2, minute))
            return std::nullopt;
        if (scanner.take(':') && !scanner.number(2, 2, seconds))
            return std::nullopt;
        if (scanner.take('.') || scanner.take(',')) {
            std::int64_t place = second / 10;
            int digit = 0;
            while (scanner.number(1, 1, digit)) {
                micro += digit * place;
                more = more || (place == 0 && digit != 0);
                place /= 10;
            }
        }
    }
    if (hour > 23 || minute > 59 || seconds > 60) // 60 is a leap second
        return std::nullopt;
    std::int64_t east = 0;
    ZoneSaid said{};
    if (!takeZone(scanner, east, said))
        return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return DateTime{(days * 86400 + hour * 3600 + minute * 60 + seconds - east) * second + micro, more, said};
}

} // namespace packetloom
