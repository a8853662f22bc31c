// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom::generator {

/// The fields of a row with addresses as text, as a frame says them: ICMP in IPv6 has a number of its own,
/// and an IPv4 address that meets one of IPv6 is embedded in 2001:db8:64::/96. For tests.
inline std::string rowAsFrame(std::string_view row)
{
    constexpr std::size_t source = 1, destination = 2, protocol = 9;
    std::vector<std::string> fields(1);
    for (const char c : row) {
        if (c == ',')
            fields.emplace_back();
        else
            fields.back() += c;
    }
    const auto isIpv6 = [](const std::string& text) { return text.find(':') != std::string::npos; };
    const auto embed = [](std::string& text) {
        unsigned address = 0;
        const char* at = text.data();
        for (int i = 0; i < 4; ++i) {
            unsigned byte = 0;
            at = std::from_chars(at, text.data() + text.size(), byte).ptr + 1;
            address = address << 8 | byte;
        }
        char hex[16];
        char* end = std::to_chars(hex, hex + 8, address >> 16, 16).ptr;
        *end++ = ':';
        end = std::to_chars(end, end + 8, address & 0xFFFF, 16).ptr;
        text = "2001:db8:64::" + std::string(hex, end);
    };
    if (isIpv6(fields.at(source)) != isIpv6(fields.at(destination)))
        embed(fields[isIpv6(fields[source]) ? destination : source]);
    if (isIpv6(fields[source]) && fields.at(protocol) == "1")
        fields[protocol] = "58";
    std::string text;
    for (const std::string& field : fields)
        text += (text.empty() ? "" : ",") + field;
    return text;
}

} // namespace packetloom::generator
