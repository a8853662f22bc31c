// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/flow_time.h"

#include "core/input/flows/table_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>

namespace packetloom {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr int secondDigits = 6, millisecondDigits = 3;
constexpr int months = 12;
/// Seconds reach it in the year 5138, milliseconds did in 1973.
constexpr std::int64_t firstMilliseconds = 100'000'000'000;

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
        if (!rest_.starts_with(c))
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    void blanks() { rest_ = trimmed(rest_); }
    /// How many digits there were, up to `most`; the others are left.
    std::size_t number(std::size_t most, int& value)
    {
        std::size_t n = 0;
        value = 0;
        for (; n < most && n < rest_.size() && isDigit(rest_[n]); ++n)
            value = value * 10 + (rest_[n] - '0');
        rest_.remove_prefix(n);
        return n;
    }

private:
    std::string_view rest_;
};

/// The parts of a date as they stand.
struct DateParts
{
    std::array<int, 3> number{};
    bool yearFirst = false;
};

std::optional<DateParts> takeDate(Scanner& text)
{
    DateParts parts;
    const auto first = text.number(4, parts.number[0]);
    const char between = text.rest().empty() ? ' ' : text.rest().front();
    if (first == 0 || first == 3 || (between != '-' && between != '/') || !text.take(between))
        return std::nullopt;
    parts.yearFirst = first == 4;
    const auto middle = text.number(2, parts.number[1]);
    if (middle == 0 || !text.take(between))
        return std::nullopt;
    const auto last = text.number(4, parts.number[2]);
    return last == (parts.yearFirst ? 2 : 4) || (parts.yearFirst && last == 1) ? std::optional(parts)
                                                                               : std::nullopt;
}

/// Hours, minutes, seconds and their fraction, AM or PM, as microseconds of the day.
std::optional<std::int64_t> takeTimeOfDay(Scanner& text)
{
    int hour = 0, minute = 0, seconds = 0;
    if (text.number(2, hour) == 0 || !text.take(':') || text.number(2, minute) != 2)
        return std::nullopt;
    if (text.take(':') && text.number(2, seconds) != 2)
        return std::nullopt;
    std::int64_t fraction = 0;
    if (text.take('.')) {
        int digit = 0;
        for (std::int64_t place = second / 10; text.number(1, digit) == 1; place /= 10)
            fraction += digit * place;
    }
    text.blanks();
    const auto half = text.rest().substr(0, 2);
    if (const bool afternoon = sameText(half, "pm"); afternoon || sameText(half, "am")) {
        if (hour < 1 || hour > 12)
            return std::nullopt;
        hour = hour % 12 + (afternoon ? 12 : 0);
        text.take(half[0]);
        text.take(half[1]);
        text.blanks();
    }
    if (hour > 23 || minute > 59 || seconds > 60) // 60 is a leap second
        return std::nullopt;
    return (hour * std::int64_t{3600} + minute * 60 + seconds) * second + fraction;
}

/// What stands behind the time of day: microseconds east of UTC, and whether anything stood there.
bool takeZone(Scanner& text, std::int64_t& east, bool& said)
{
    said = !text.done();
    if (!said || text.rest() == "Z" || text.rest() == "UTC")
        return true;
    const bool west = text.take('-');
    int hours = 0, minutes = 0;
    if ((!west && !text.take('+')) || text.number(2, hours) != 2)
        return false;
    if ((text.take(':') || !text.done()) && text.number(2, minutes) != 2)
        return false;
    east = (west ? -1 : 1) * (hours * std::int64_t{3600} + minutes * 60) * second;
    return text.done() && hours < 24 && minutes < 60;
}

FlowTime parseDateTime(std::string_view text, DateOrder order)
{
    Scanner rest(text);
    std::int64_t days = 0;
    FlowTime time;
    Scanner ahead = rest;
    if (const auto parts = takeDate(ahead)) {
        const auto& n = parts->number;
        const int month = parts->yearFirst || order == DateOrder::DayFirst ? n[1] : n[0];
        const int day = parts->yearFirst ? n[2] : order == DateOrder::DayFirst ? n[0] : n[1];
        const std::chrono::year_month_day date{std::chrono::year(parts->yearFirst ? n[0] : n[2]),
                                               std::chrono::month(static_cast<unsigned>(month)),
                                               std::chrono::day(static_cast<unsigned>(day))};
        if (!date.ok())
            return time;
        days = std::chrono::sys_days(date).time_since_epoch().count();
        rest = ahead;
        if (!rest.take('T'))
            rest.blanks();
    } else {
        time.date = false;
    }
    const auto ofDay = takeTimeOfDay(rest);
    std::int64_t east = 0;
    if (!ofDay || !takeZone(rest, east, time.zone))
        return time;
    time.kind = Number::Kind::Integer;
    time.microseconds = days * 86400 * second + *ofDay - east;
    return time;
}

} // namespace

Number parseScaled(std::string_view text, int digits)
{
    text = trimmed(text);
    const bool negative = text.starts_with('-');
    const auto number = text.substr(negative || text.starts_with('+') ? 1 : 0);
    const auto mantissa = number.substr(0, std::min(number.find_first_of("eE"), number.size()));
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    const bool plain =
        std::all_of(mantissa.begin(), mantissa.end(), [](char c) { return isDigit(c) || c == '.'; });
    if (!plain || std::count(mantissa.begin(), mantissa.end(), '.') > 1 ||
        mantissa.size() == (point < mantissa.size() ? 1u : 0u)) {
        const Number other = parseNumber(text); // missing, infinite, or nothing
        return {.kind = other.usable() ? Number::Kind::Unreadable : other.kind};
    }
    int exponent = 0;
    if (mantissa.size() < number.size()) {
        auto power = number.substr(mantissa.size() + 1);
        if (power.starts_with('+'))
            power.remove_prefix(1);
        const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
        constexpr int farthest = 400;
        if (error != std::errc() || end != power.data() + power.size() || exponent > farthest ||
            exponent < -farthest)
            return {};
    }
    // Digits before the point that the scale moves are the value; one behind it only says that there is more.
    const auto kept = static_cast<std::int64_t>(point) + exponent + digits;
    std::int64_t value = 0, place = 0;
    bool more = false;
    const auto add = [&](int digit) {
        if (place++ >= kept) {
            more = more || digit != 0;
            return true;
        }
        constexpr auto most = std::numeric_limits<std::int64_t>::max();
        if (value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
        return true;
    };
    for (const char c : mantissa) {
        if (c != '.' && !add(c - '0'))
            return {.kind = Number::Kind::OutOfRange};
    }
    while (place < kept && value != 0) {
        if (!add(0))
            return {.kind = Number::Kind::OutOfRange};
    }
    if (negative)
        value = -value - (more ? 1 : 0);
    return {value, Number::Kind::Integer, 0};
}

FlowTime parseFlowTime(std::string_view text, DateOrder order)
{
    text = trimmed(text);
    if (text.find(':') != std::string_view::npos)
        return parseDateTime(text, order);
    Number number = parseScaled(text, secondDigits);
    const bool whole = text.find_first_of(".eE") == std::string_view::npos;
    if (whole && (number.kind == Number::Kind::OutOfRange ||
                  (number.usable() && number.whole / second >= firstMilliseconds)))
        number = parseScaled(text, millisecondDigits);
    return {.kind = number.kind, .microseconds = number.whole};
}

std::optional<DateOrder> dateOrderOf(std::string_view text)
{
    Scanner scanner(trimmed(text));
    const auto parts = takeDate(scanner);
    if (!parts || parts->yearFirst || (parts->number[0] > months) == (parts->number[1] > months))
        return std::nullopt;
    return parts->number[0] > months ? DateOrder::DayFirst : DateOrder::MonthFirst;
}

} // namespace packetloom
