// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace packetloom {

/// A protocol that IP carries, by IANA's number and the name that people use for it.
struct IpProtocol
{
    std::int64_t number;
    std::string_view name;
};

/// Those that captures and tables of flows are likely to have, by number.
std::span<const IpProtocol> ipProtocols();
/// Empty for any other number.
std::string_view ipProtocolName(std::int64_t number);
/// The number of a name, in any case of ASCII letters ("icmpv6" is "icmp6", too), or of its digits.
std::optional<std::int64_t> ipProtocolNumber(std::string_view text);

} // namespace packetloom
