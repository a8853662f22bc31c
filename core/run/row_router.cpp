// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/row_router.h"

#include <algorithm>
#include <limits>

namespace packetloom {
namespace {

std::size_t shardOf(std::uint64_t pairHash, std::size_t shards)
{
    return static_cast<std::size_t>((pairHash >> 32) * shards >> 32);
}

} // namespace

void RowRouter::route(RoutedRows& routed) const
{
    routed.shards.resize(shards_);
    for (auto& rows : routed.shards) {
        rows.packets.clear();
        rows.ofNoFlow.clear();
    }
    routed.flags.clear();
    routed.timestamps.clear();
    routed.tcpPackets = 0;
    routed.newest.reset();
    routed.order = {};
    const auto packets = routed.rows.packets();
    if (stats_ == PacketStats::Wanted)
        routed.order.add(packets);
    std::int64_t newest = std::numeric_limits<std::int64_t>::min();
    for (std::uint32_t i = 0; i < packets.size(); ++i) {
        const Packet& packet = packets[i];
        if (stats_ == PacketStats::Wanted) {
            routed.timestamps.add(packet.timestamp);
            marks_.note(packet.source);
            marks_.note(packet.destination);
        }
        if (!packet.isTcp())
            continue;
        ++routed.tcpPackets;
        newest = std::max(newest, packet.timestamp);
        if (stats_ == PacketStats::Wanted)
            routed.flags.add(packet.flags);
        const FlowKey key = FlowKey::of(packet);
        const std::uint64_t pair = hash_.pair(key.low.address, key.high.address);
        auto& rows = routed.shards[shardOf(pair, shards_)];
        if (FlowKey::hasFlow(packet))
            rows.packets.push_back({hash_.ports(pair, key.low.port, key.high.port), i});
        else
            rows.ofNoFlow.push_back(i);
    }
    if (routed.tcpPackets > 0)
        routed.newest = newest;
    routed.timestamps.end();
}

} // namespace packetloom
