// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/timeline_query.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// TimelineCount::OpenFlows of the chosen flows (indexes), into empty bins. Takes time that follows their
/// number.
void countOpenFlows(const Analysis& analysis, const std::vector<std::uint32_t>& chosen, TimelineBins& bins,
                    StopFlag stop);

} // namespace packetloom
