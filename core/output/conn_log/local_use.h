// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/ip_network.h"

namespace packetloom {

/// Whether the address lies in a block that is not for the whole Internet (IANA's registries of
/// special-purpose addresses, RFC 6890: "globally reachable" is false): what Zeek takes for local where it is
/// told of no networks.
bool isLocalUse(const IpAddress& address);

} // namespace packetloom
