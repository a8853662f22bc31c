// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/option_filter.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace packetloom {
namespace {

bool isPlain(std::string_view text)
{
    return IpAddress::parse(text) || IpNetwork::parse(text);
}

/// "== 10.0.0.1", "in {10.0.0.0/8 \"printer\"}"
std::string oneOf(std::string_view list, const std::function<std::string(std::string_view id)>& addressOf)
{
    std::string values;
    std::size_t count = 0;
    AddressFilter::forEachEntry(list, [&](std::string_view entry, bool isId) {
        const auto address = isId ? addressOf(entry) : std::string(entry);
        values += (count++ == 0 ? "" : " ") + (isPlain(address) ? address : quotedValue(address));
    });
    return count == 1 ? " == " + values : " in {" + values + '}';
}

std::string timeValue(std::int64_t time)
{
    return std::to_string(time) + "us";
}

} // namespace

std::string quotedValue(std::string_view text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::string optionFilter(std::string_view addresses, FilterEnds ends, const TimeWindow& window,
                         const std::function<std::string(std::string_view id)>& addressOf)
{
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " and ") + part; };
    if (!addresses.empty()) {
        const auto wanted = oneOf(addresses, addressOf);
        if (ends == FilterEnds::Both) {
            add("src" + wanted);
            add("dst" + wanted);
        } else {
            add("addr" + wanted);
        }
    }
    if (window.start)
        add("time >= " + timeValue(*window.start));
    if (window.end)
        add("time <= " + timeValue(*window.end));
    return text;
}

} // namespace packetloom
