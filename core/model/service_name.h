// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace packetloom {

/// A service and its port.
struct Service
{
    std::int64_t port;
    std::string_view name;
};
/// Those that are known here, by port.
std::span<const Service> services();
/// What usually listens on a port, by IANA's names as far as people use them; empty for all but some 340
/// common ones. A guess for the eye: nothing is decided by it.
std::string_view serviceName(std::int64_t port);
/// The port of such a name, in any case of ASCII letters.
std::optional<std::int64_t> servicePort(std::string_view name);

} // namespace packetloom
