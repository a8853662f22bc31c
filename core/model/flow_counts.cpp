// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/flow_counts.h"

#include <algorithm>

namespace packetloom {

FlowCounts FlowCounts::of(const CompletedFlow& flow)
{
    FlowCounts counts;
    counts.key = flow.key;
    counts.firstRow = flow.firstRow;
    counts.openedByHigh = flow.openedByHigh;
    flow.packets.forEach([&](std::size_t, const FlowPacket& packet) {
        const std::size_t from = packet.fromHigh ? 1 : 0;
        ++counts.packets[from];
        counts.bytes[from] += std::max<std::int64_t>(packet.length, 0);
    });
    counts.firstTimestamp = flow.packets.front().timestamp;
    counts.lastTimestamp = flow.packets.back().timestamp;
    return counts;
}

} // namespace packetloom
