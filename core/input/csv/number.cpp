// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fast_float/fast_float.h>
#include <system_error>

namespace packetloom {
namespace {

constexpr std::string_view blanks = " \t\n\r\v\f";

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

Number parseFraction(std::string_view text)
{
    double value = 0;
    const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || (error != std::errc() && error != std::errc::result_out_of_range))
        return {};
    if (std::isinf(value) && text.find_first_of("0123456789") != std::string_view::npos)
        return {};
    if (!std::isfinite(value))
        return {.kind = Number::Kind::NotFinite};
    constexpr double limit = 9223372036854775808.0; // 2^63
    if (value >= limit || value < -limit)
        return {.kind = Number::Kind::OutOfRange};
    const double whole = std::trunc(value);
    const auto remainder = static_cast<std::int8_t>(value > whole ? 1 : value < whole ? -1 : 0);
    return {static_cast<std::int64_t>(whole), Number::Kind::Fraction, remainder};
}

Number parseUnusual(std::string_view text)
{
    if (isMissing(text))
        return {.kind = Number::Kind::Missing};
    text = trimmed(text);
    if (text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+')
        text.remove_prefix(1);
    if (text.empty())
        return {};
    const auto digits = text.substr(text[0] == '-' ? 1 : 0);
    if (!digits.empty() && std::all_of(digits.begin(), digits.end(), isDigit)) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc())
            return {value, Number::Kind::Integer, 0};
        const bool readable = parseFraction(text).kind != Number::Kind::Unreadable; // not hundreds of digits
        return {.kind = readable ? Number::Kind::OutOfRange : Number::Kind::Unreadable};
    }
    return parseFraction(text);
}

} // namespace

bool isMissing(std::string_view text)
{
    static constexpr std::array<std::string_view, 18> words{
        "",        "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
        "1.#QNAN", "<NA>", "N/A",      "NA",  "NULL",    "NaN",      "None", "n/a",  "nan"};
    if (text.size() > 8)
        return false;
    return text == "null" || std::find(words.begin(), words.end(), text) != words.end();
}

Number parseNumber(std::string_view text)
{
    // Plain digits that cannot overflow: nearly every field there is.
    if (!text.empty() && text.size() <= 18) {
        std::int64_t value = 0;
        for (const char c : text) {
            const auto digit = static_cast<unsigned char>(c - '0');
            if (digit > 9)
                return parseUnusual(text);
            value = value * 10 + digit;
        }
        return {value, Number::Kind::Integer, 0};
    }
    return parseUnusual(text);
}

} // namespace packetloom
