// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/analysis.h"

#include <algorithm>

namespace packetloom {

void FlowTally::add(const CompletedFlow& flow, const FlowLife& life)
{
    ++closeTypes[static_cast<std::size_t>(life.closeType)];
    ++invalidReasons[static_cast<std::size_t>(life.invalidReason)];
    byTimeout += flow.byTimeout ? 1 : 0;
}

void PairStats::add(const Packet& packet)
{
    const auto low = std::min(packet.source, packet.destination),
               high = std::max(packet.source, packet.destination);
    const auto ids = std::uint64_t{index(low)} << 32 | index(high);
    const auto [found, added] = byIds_.try_emplace(ids, pairs_.size());
    if (added) {
        AddressPair fresh;
        fresh.low = low;
        fresh.high = high;
        fresh.firstTimestamp = fresh.lastTimestamp = packet.timestamp;
        pairs_.push_back(fresh);
    }
    AddressPair& pair = pairs_[found->second];
    const std::int64_t bytes = std::max<std::int64_t>(packet.length, 0);
    if (packet.source == low) {
        ++pair.packetsFromLow;
        pair.bytesFromLow += bytes;
    } else {
        ++pair.packetsFromHigh;
        pair.bytesFromHigh += bytes;
    }
    pair.firstTimestamp = std::min(pair.firstTimestamp, packet.timestamp);
    pair.lastTimestamp = std::max(pair.lastTimestamp, packet.timestamp);
}

Result<FlowDetail> readFlow(const Analysis& analysis, std::size_t flow)
{
    const FlowTable& flows = analysis.flows;
    FlowDetail detail;
    detail.key = flows.key(flow);
    detail.packets.reserve(static_cast<std::size_t>(flows.packets(flow)));
    const PacketSpool::Range range{.firstRow = flows.firstRow(flow),
                                   .lastRow = flows.lastRow(flow),
                                   .earliest = flows.start(flow),
                                   .latest = flows.end(flow)};
    auto walked = analysis.spool.forEach(range, [&](const SpooledPacket& row) {
        if (row.packet.isTcp() && FlowKey::of(row.packet) == detail.key)
            detail.packets.push_back(FlowPacket::of(row.packet, detail.key));
        return true;
    });
    if (!walked)
        return std::move(walked).error();
    std::stable_sort(detail.packets.begin(), detail.packets.end(),
                     [](const FlowPacket& a, const FlowPacket& b) { return a.timestamp < b.timestamp; });
    ReferenceMachine machine;
    detail.life = machine.run({.number = flows.number(flow),
                               .key = detail.key,
                               .packets = detail.packets,
                               .byTimeout = flows.has(flow, FlowTable::ByTimeout),
                               .firstRow = range.firstRow,
                               .lastRow = range.lastRow});
    return detail;
}

} // namespace packetloom
