// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/model/packet.h"
#include "core/run/run_result.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/pair_stats.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace packetloom {

/// A kept row as it was understood.
struct PreviewRow
{
    std::size_t input = 0; ///< index into CountedPackets::inputs
    std::uint64_t line = 0;
    Packet packet;
};

inline constexpr std::size_t keptPreviewRows = 1000;

/// What is counted of packets, whatever they are the packets of: a capture, an opened dataset, or an interval
/// of either. Immutable once published; any number of threads may read it.
struct CountedPackets
{
    std::vector<std::filesystem::path> inputs; ///< the files whose rows they are
    RunTotals totals;
    AddressTable addresses;
    AddressStats addressStats;
    FlagStats flags;
    PairStats pairs;
    std::vector<PreviewRow> firstRows; ///< the first keptPreviewRows; none of a capture without Depth::Flows
};

} // namespace packetloom
