// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace packetloom::generator {

/// An address as it stands in headers.
struct IpAddress
{
    std::array<std::uint8_t, 16> bytes{}; ///< in network byte order; of IPv4 the first four
    bool ipv6 = false;

    static IpAddress v4(std::uint32_t address);
    static IpAddress v6(const std::array<std::uint16_t, 8>& groups);

    /// The canonical text (RFC 5952; of IPv4 four decimal numbers).
    [[nodiscard]] std::string text() const;
};

} // namespace packetloom::generator
