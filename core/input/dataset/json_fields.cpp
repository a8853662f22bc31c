// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/json_fields.h"

#include "core/input/json_elements.h"

#include <charconv>

namespace packetloom {
namespace {

using namespace simdjson;

static_assert(JsonElements::padding >= SIMDJSON_PADDING);

std::string_view trimmed(std::string_view token)
{
    const auto end = token.find_last_not_of(" \t\r\n");
    return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

void appendUtf8(std::uint32_t code, std::string& out)
{
    const auto more = [&](unsigned shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        more(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12);
        more(6);
        more(0);
    } else {
        out += static_cast<char>(0xF0 | code >> 18);
        more(12);
        more(6);
        more(0);
    }
}

// The four digits of \uXXXX, taken off the front.
std::optional<std::uint32_t> takeUnit(std::string_view& raw)
{
    std::uint32_t unit = 0;
    if (raw.size() < 4)
        return std::nullopt;
    const auto [end, error] = std::from_chars(raw.data(), raw.data() + 4, unit, 16);
    if (error != std::errc() || end != raw.data() + 4)
        return std::nullopt;
    raw.remove_prefix(4);
    return unit;
}

bool takeUnicode(std::string_view& raw, std::string& out)
{
    const auto unit = takeUnit(raw);
    if (!unit)
        return false;
    if (*unit >= 0xD800 && *unit < 0xDC00 && raw.starts_with("\\u")) {
        auto rest = raw.substr(2);
        const auto low = takeUnit(rest);
        if (low && *low >= 0xDC00 && *low < 0xE000) {
            raw = rest;
            appendUtf8(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), out);
            return true;
        }
    }
    if (*unit >= 0xDC80 && *unit < 0xDD00)
        out += static_cast<char>(*unit - 0xDC00);
    else if (*unit >= 0xD800 && *unit < 0xE000)
        return false;
    else
        appendUtf8(*unit, out);
    return true;
}

} // namespace

std::optional<std::string> unescapedJson(std::string_view raw)
{
    constexpr std::string_view escapes = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    std::string out;
    while (!raw.empty()) {
        const char c = raw.front();
        raw.remove_prefix(1);
        if (c != '\\') {
            out += c;
            continue;
        }
        if (raw.empty())
            return std::nullopt;
        const char kind = raw.front();
        raw.remove_prefix(1);
        const auto known = escapes.find(kind);
        if (known != std::string_view::npos)
            out += meant[known];
        else if (kind != 'u' || !takeUnicode(raw, out))
            return std::nullopt;
    }
    return out;
}

void JsonFields::unfit(std::string_view key, std::string_view wanted)
{
    if (problem_.empty())
        problem_ = '"' + std::string(key) + "\" is " + std::string(wanted);
}

std::optional<ondemand::value> JsonFields::findIfAny(std::string_view key)
{
    ondemand::value value;
    if (!problem_.empty())
        return std::nullopt;
    const auto error = object_.find_field_unordered(key).get(value);
    if (error == SUCCESS)
        return value;
    if (error != NO_SUCH_FIELD)
        problem_ = "near \"" + std::string(key) + "\" it is not valid JSON";
    return std::nullopt;
}

std::optional<ondemand::value> JsonFields::find(std::string_view key)
{
    auto value = findIfAny(key);
    if (!value)
        unfit(key, "missing");
    return value;
}

std::optional<ondemand::value> JsonFields::findUnlessNull(std::string_view key)
{
    auto value = find(key);
    if (value && trimmed(value->raw_json_token()) == "null")
        value.reset();
    return value;
}

template <class T>
T JsonFields::get(std::string_view key, std::string_view wanted)
{
    T result{};
    auto value = find(key);
    if (value && value->get(result) != SUCCESS) {
        unfit(key, wanted);
        return {};
    }
    return result;
}

std::uint64_t JsonFields::count(std::string_view key)
{
    return get<std::uint64_t>(key, "no count of 64 bits");
}

std::int64_t JsonFields::integer(std::string_view key)
{
    return get<std::int64_t>(key, "no integer of 64 bits");
}

WideSum JsonFields::wide(std::string_view key)
{
    const auto sum = wideOrNull(key);
    if (!sum)
        unfit(key, "null");
    return sum.value_or(WideSum());
}

std::optional<WideSum> JsonFields::wideOrNull(std::string_view key)
{
    auto value = findUnlessNull(key);
    if (!value)
        return std::nullopt;
    const auto sum = WideSum::fromDecimal(trimmed(value->raw_json_token()));
    if (!sum)
        unfit(key, "no integer");
    return sum;
}

bool JsonFields::boolean(std::string_view key)
{
    return get<bool>(key, "neither true nor false");
}

bool JsonFields::booleanIfAny(std::string_view key)
{
    auto value = findIfAny(key);
    bool yes = false;
    if (value && value->get_bool().get(yes) != SUCCESS)
        unfit(key, "neither true nor false");
    return yes;
}

std::string_view JsonFields::text(std::string_view key)
{
    return get<std::string_view>(key, "no text");
}

std::optional<std::string_view> JsonFields::textOrNull(std::string_view key)
{
    auto value = findUnlessNull(key);
    std::string_view text;
    if (!value)
        return std::nullopt;
    if (value->get_string().get(text) != SUCCESS)
        unfit(key, "neither text nor null");
    return text;
}

std::optional<std::int64_t> JsonFields::integerOrNull(std::string_view key)
{
    auto value = findUnlessNull(key);
    std::int64_t integer = 0;
    if (!value)
        return std::nullopt;
    if (value->get_int64().get(integer) != SUCCESS)
        unfit(key, "neither an integer of 64 bits nor null");
    return integer;
}

std::optional<std::string> JsonFields::bytesOrNull(std::string_view key)
{
    auto value = findUnlessNull(key);
    if (!value)
        return std::nullopt;
    const auto token = trimmed(value->raw_json_token());
    std::optional<std::string> bytes;
    if (token.size() >= 2 && token.front() == '"' && token.back() == '"')
        bytes = unescapedJson(token.substr(1, token.size() - 2));
    if (!bytes)
        unfit(key, "neither text nor null");
    return bytes;
}

std::optional<ondemand::object> JsonFields::object(std::string_view key)
{
    auto value = find(key);
    ondemand::object object;
    if (!value)
        return std::nullopt;
    if (value->get_object().get(object) == SUCCESS)
        return object;
    unfit(key, "no object");
    return std::nullopt;
}

std::optional<ondemand::object> JsonFields::objectOrNull(std::string_view key)
{
    auto value = findUnlessNull(key);
    ondemand::object object;
    if (!value)
        return std::nullopt;
    if (value->get_object().get(object) == SUCCESS)
        return object;
    unfit(key, "neither an object nor null");
    return std::nullopt;
}

std::optional<ondemand::array> JsonFields::array(std::string_view key)
{
    auto value = find(key);
    ondemand::array array;
    if (!value)
        return std::nullopt;
    if (value->get_array().get(array) == SUCCESS)
        return array;
    unfit(key, "no array");
    return std::nullopt;
}

std::optional<ondemand::array> JsonFields::arrayOrNull(std::string_view key)
{
    auto value = findUnlessNull(key);
    ondemand::array array;
    if (!value)
        return std::nullopt;
    if (value->get_array().get(array) == SUCCESS)
        return array;
    unfit(key, "neither an array nor null");
    return std::nullopt;
}

bool JsonFields::has(std::string_view key)
{
    return findIfAny(key).has_value();
}

bool JsonParser::iterate(std::string_view text)
{
    const padded_string_view padded(text.data(), text.size(), text.size() + JsonElements::padding);
    return parser_.iterate(padded).get(document_) == SUCCESS;
}

std::optional<ondemand::object> JsonParser::object(std::string_view text)
{
    ondemand::object object;
    if (!iterate(text) || document_.get_object().get(object) != SUCCESS)
        return std::nullopt;
    return object;
}

std::optional<std::string_view> JsonParser::string(std::string_view text)
{
    std::string_view string;
    if (!iterate(text) || document_.get_string().get(string) != SUCCESS)
        return std::nullopt;
    return string;
}

} // namespace packetloom
