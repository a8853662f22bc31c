// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_value.h"

#include "core/model/ip_protocol.h"
#include "core/model/tcp_flags.h"
#include "core/support/ascii_case.h"
#include "core/support/date_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace packetloom {
namespace {

struct Unit
{
    std::string_view name;
    std::int64_t factor;
};
constexpr std::int64_t second = 1'000'000;
constexpr std::array counts{
    Unit{"", 1},
    Unit{"k", 1'000},
    Unit{"kB", 1'000},
    Unit{"K", 1'000},
    Unit{"KB", 1'000},
    Unit{"M", 1'000'000},
    Unit{"MB", 1'000'000},
    Unit{"G", 1'000'000'000},
    Unit{"GB", 1'000'000'000},
    Unit{"T", 1'000'000'000'000},
    Unit{"TB", 1'000'000'000'000},
    Unit{"B", 1},
    Unit{"KiB", std::int64_t{1} << 10},
    Unit{"MiB", std::int64_t{1} << 20},
    Unit{"GiB", std::int64_t{1} << 30},
    Unit{"TiB", std::int64_t{1} << 40},
};
constexpr std::array lengths{
    Unit{"", second},           Unit{"us", 1},
    Unit{"\xC2\xB5s", 1},       Unit{"ms", 1'000},
    Unit{"s", second},          Unit{"min", 60 * second},
    Unit{"m", 60 * second},     Unit{"h", 3'600 * second},
    Unit{"d", 86'400 * second},
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// A decimal number times the factor, rounded towards zero; nothing when it is none or too large.
std::optional<std::int64_t> scaled(std::string_view number, std::int64_t factor)
{
    const bool negative = number.starts_with('-');
    number.remove_prefix(negative ? 1 : 0);
    const auto point = std::min(number.find('.'), number.size());
    const auto whole = number.substr(0, point);
    const auto fraction = number.substr(std::min(point + 1, number.size()));
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
    if (whole.empty() || !std::all_of(whole.begin(), whole.end(), isDigit) || error != std::errc() ||
        end != whole.data() + whole.size() || value >= most / factor)
        return std::nullopt;
    if ((point < number.size() && fraction.empty()) ||
        !std::all_of(fraction.begin(), fraction.end(), isDigit))
        return std::nullopt;
    // A million times the largest unit fits; digits behind the sixth are less than a microsecond.
    constexpr std::size_t digits = 6;
    std::int64_t parts = 0, power = 1;
    for (const char c : fraction.substr(0, digits)) {
        parts = parts * 10 + (c - '0');
        power *= 10;
    }
    value = value * factor + parts * factor / power;
    return negative ? -value : value;
}

template <std::size_t N>
std::optional<std::int64_t> withUnit(std::string_view text, const std::array<Unit, N>& units)
{
    std::size_t end = text.starts_with('-') ? 1 : 0;
    while (end < text.size() && (isDigit(text[end]) || text[end] == '.'))
        ++end;
    const auto name = text.substr(end);
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
    return unit == units.end() ? std::nullopt : scaled(text.substr(0, end), unit->factor);
}

std::optional<std::int64_t> count(std::string_view text)
{
    if (!text.starts_with("0x") && !text.starts_with("0X"))
        return withUnit(text, counts);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
    return error == std::errc() && end == text.data() + text.size() && value >= 0 ? std::optional(value)
                                                                                  : std::nullopt;
}

/// Seconds, which may have a fraction; or whole microseconds, all that there are.
std::optional<std::int64_t> time(std::string_view text)
{
    if (const auto date = parseDate(text))
        return date->microseconds;
    if (!text.ends_with("us"))
        return scaled(text, second);
    text.remove_suffix(2);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                                     : std::nullopt;
}

/// A name, or a number of any kind that Number has; any other word is the name of no number.
FilterValue protocol(std::string_view text)
{
    if (const auto known = ipProtocolNumber(text)) {
        const auto name = ipProtocolName(*known);
        return {*known, *known, name.empty() ? std::to_string(*known) : std::string(name), {}, {}};
    }
    if (const auto number = count(text))
        return protocol(std::to_string(*number));
    return {1, 0, std::string(text), {}, {}};
}

/// "0x12", "18", "SYN+ACK", "none".
std::optional<std::int64_t> flags(std::string_view text)
{
    if (const auto number = count(text))
        return number;
    if (sameText(text, "none"))
        return 0;
    std::int64_t bits = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto plus = std::min(text.find('+', begin), text.size());
        const auto flag = flagNamed(text.substr(begin, plus - begin));
        if (!flag)
            return std::nullopt;
        bits |= *flag;
        begin = plus + 1;
    }
    return bits;
}

std::optional<FilterValue> exactly(std::optional<std::int64_t> number)
{
    if (!number)
        return std::nullopt;
    return FilterValue{*number, *number, {}, {}, {}};
}

} // namespace

std::optional<FilterValue> filterValue(std::string_view text, FilterType type)
{
    switch (type) {
    case FilterType::Number:
        return exactly(count(text));
    case FilterType::Duration:
        return exactly(withUnit(text, lengths));
    case FilterType::Time:
        return exactly(time(text));
    case FilterType::Protocol:
        return text.empty() ? std::nullopt : std::optional(protocol(text));
    case FilterType::Flags:
        return exactly(flags(text));
    case FilterType::Truth:
        if (text == "1" || sameText(text, "true"))
            return exactly(1);
        if (text == "0" || sameText(text, "false"))
            return exactly(0);
        return std::nullopt;
    case FilterType::Address: {
        const auto network = IpNetwork::parse(text);
        // Looks like a block and is none: never a text to compare with.
        if (!network && text.find('/') != std::string_view::npos &&
            IpAddress::parse(text.substr(0, text.find('/'))))
            return std::nullopt;
        return FilterValue{0, 0, std::string(text), network, {}};
    }
    case FilterType::Word:
        break;
    }
    return FilterValue{0, 0, std::string(text), {}, {}};
}

} // namespace packetloom
