// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"

#include <cstddef>
#include <string_view>

namespace packetloom {

// What a flow is called, by the analysis that it is of. Of a table of flows its own words, which are hostile
// text; valid as long as the analysis.

/// "tcp" of every flow that is made of packets.
std::string_view flowProtocol(const Analysis& analysis, std::size_t flow);
/// The word of a table of flows; else what usually listens on the port of the destination: serviceName().
std::string_view flowService(const Analysis& analysis, std::size_t flow);
/// The word of a table of flows for the state, as it stands there; else empty.
std::string_view flowStateWord(const Analysis& analysis, std::size_t flow);

} // namespace packetloom
