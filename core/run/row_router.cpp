// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/row_router.h"

namespace packetloom {

void RowRouter::route(RoutedRows& routed) const
{
    routed.shards.resize(shards_);
    for (auto& rows : routed.shards) {
        rows.packets.clear();
        rows.ofNoFlow.clear();
    }
    const auto packets = routed.rows.packets();
    routed.figures.begin(packets, stats_);
    for (std::uint32_t i = 0; i < packets.size(); ++i) {
        const Packet& packet = packets[i];
        routed.figures.add(packet, stats_, marks_);
        if (!packet.isTcp())
            continue;
        const FlowKey key = FlowKey::of(packet);
        const std::uint64_t pair = hash_.pair(key.low.address, key.high.address);
        auto& rows = routed.shards[shardOf(pair, shards_)];
        if (FlowKey::hasFlow(packet))
            rows.packets.push_back({hash_.ports(pair, key.low.port, key.high.port), i});
        else
            rows.ofNoFlow.push_back(i);
    }
    routed.figures.end();
}

} // namespace packetloom
