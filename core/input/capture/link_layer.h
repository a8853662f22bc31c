// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/link_payload.h"

#include <cstdint>

namespace packetloom {

/// A frame of a link type, by its number in capture files (the LINKTYPE_ values of
/// https://www.tcpdump.org/linktypes.html). Link types that are not read give NotIp::LinkType.
LinkPayload readLink(std::uint16_t linkType, Layer frame);

} // namespace packetloom
