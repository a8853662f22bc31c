// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/run_result.h"
#include "core/stats/flag_stats.h"
#include "core/stats/flow_tally.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace packetloom {

/// What convert() did.
struct ConversionSummary
{
    RunTotals totals;
    FlowTally tally;
    std::vector<FlagStats::Count> flags;
    std::filesystem::path folder; ///< absolute
    std::uint64_t chunks = 0;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0; ///< of all files
};

} // namespace packetloom
