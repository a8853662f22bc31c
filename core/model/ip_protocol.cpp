// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/ip_protocol.h"

#include "core/support/ascii_case.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace packetloom {
namespace {

constexpr std::array names{
    IpProtocol{1, "icmp"},   IpProtocol{2, "igmp"},  IpProtocol{6, "tcp"},   IpProtocol{17, "udp"},
    IpProtocol{41, "ipv6"},  IpProtocol{47, "gre"},  IpProtocol{50, "esp"},  IpProtocol{51, "ah"},
    IpProtocol{58, "icmp6"}, IpProtocol{89, "ospf"}, IpProtocol{103, "pim"}, IpProtocol{112, "vrrp"},
    IpProtocol{132, "sctp"},
};

} // namespace

std::span<const IpProtocol> ipProtocols()
{
    return names;
}

std::string_view ipProtocolName(std::int64_t number)
{
    const auto* const found = std::ranges::find(names, number, &IpProtocol::number);
    return found == names.end() ? std::string_view() : found->name;
}

std::optional<std::int64_t> ipProtocolNumber(std::string_view text)
{
    if (sameText(text, "icmpv6") || sameText(text, "ipv6-icmp"))
        return ipProtocolNumber("icmp6");
    for (const auto& known : names) {
        if (sameText(known.name, text))
            return known.number;
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                                     : std::nullopt;
}

} // namespace packetloom
