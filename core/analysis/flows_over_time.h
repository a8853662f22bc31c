// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/timeline_query.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// Which flows fit a narrowing, 1 or 0 each; nothing where all do. Of an interval: those that overlap it.
/// Useless when stopped.
std::optional<std::vector<std::uint8_t>> chosenFlows(const Analysis& analysis, const Narrowing& narrowing,
                                                     StopFlag stop);

/// TimelineCount::OpenFlows, into empty bins. Takes time that follows the number of flows.
void countOpenFlows(const Analysis& analysis, const Narrowing& narrowing, TimelineBins& bins, StopFlag stop);

} // namespace packetloom
