// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// A numeric IPv4 or IPv6 address, in network byte order.
struct IpAddress
{
    std::array<std::uint8_t, 16> bytes{};
    std::uint8_t length = 0; ///< 4 or 16

    static std::optional<IpAddress> parse(std::string_view text);
};

/// A block of addresses in CIDR notation (RFC 4632, RFC 4291): "10.0.0.0/8", "2001:db8::/32".
class IpNetwork
{
public:
    /// Nothing unless there is an address, a slash and a prefix length that fits. Bits behind the prefix are
    /// ignored.
    static std::optional<IpNetwork> parse(std::string_view text);
    [[nodiscard]] bool contains(const IpAddress& address) const;

private:
    IpAddress base_;
    unsigned prefix_ = 0;
};

} // namespace packetloom
