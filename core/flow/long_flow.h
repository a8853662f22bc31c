// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packed_flow.h"

#include <memory>

namespace packetloom {

inline bool earlier(const FlowPacket& a, const FlowPacket& b)
{
    return a.timestamp < b.timestamp;
}

/// Packets that are sorted in memory at once, where a flow that has more is out of order.
inline constexpr std::size_t packetsASortedRun = std::size_t{1} << 18;

/// The packets of a flow some of which were moved out of memory, in order of time: as they stand where time
/// never runs back, else by an external merge sort (sorted runs in a nameless file in `folder`, then merged
/// each time they are read). Holds some megabytes however many packets there are. `goOn` may be null; false
/// ends reading with the failure Cancelled.
std::unique_ptr<PacketRun> openLongFlow(const PackedFlow& flow, const std::filesystem::path& folder,
                                        FlowUnpacker::GoOn goOn = nullptr,
                                        std::size_t packetsARun = packetsASortedRun);

} // namespace packetloom
