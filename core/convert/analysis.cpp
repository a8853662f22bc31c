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

} // namespace packetloom
