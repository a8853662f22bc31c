// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/tcp_simulation.h"

namespace packetloom::generator {

/// A connection and how its hosts write their headers.
struct DrawnConnection
{
    TcpPlan plan;
    std::array<std::uint32_t, 2> isn{};  ///< initial sequence numbers
    std::array<std::uint8_t, 2> scale{}; ///< of the windows
    bool scaled = false;                 ///< the option is there (RFC 7323)
    bool ipv6 = false;
};

/// `troubled`: segments are lost, overtaken and so on, and applications do not read. `pause` as for
/// TcpSession. Every window and every part of one is a multiple of its scale's unit.
DrawnConnection drawConnection(const Path& path, bool troubled, std::uint32_t pause, Random& random);

} // namespace packetloom::generator
