// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_members.h"

#include <algorithm>
#include <utility>

namespace packetloom {

FlowMembers::FlowMembers(const ExactFlows& flows, const std::vector<std::uint8_t>* wanted)
{
    // Twice over them: how many each key has, then each to its place.
    const auto isWanted = [&](std::size_t i) { return !wanted || (*wanted)[i] != 0; };
    for (std::size_t i = 0; i < flows.size(); ++i) {
        if (isWanted(i))
            ++byKey_[ConnectionKey::of(flows.flow(i))].count;
    }
    std::uint32_t begin = 0;
    for (auto range = byKey_.begin(); range != byKey_.end(); ++range) {
        range.value().begin = std::exchange(begin, begin + range->second.count);
        range.value().count = 0;
    }
    spans_.resize(begin);
    for (std::size_t i = 0; i < flows.size(); ++i) {
        if (!isWanted(i))
            continue;
        const ExactFlow flow = flows.flow(i);
        Range& range = byKey_.find(ConnectionKey::of(flow)).value();
        spans_[range.begin + range.count++] = {flow.start, flow.lastPacket, flow.firstRow, flow.lastRow,
                                               static_cast<std::uint32_t>(i)};
    }
}

std::uint32_t FlowMembers::flowOf(const Packet& packet, const PacketExtras& extras, std::uint64_t row) const
{
    bool fromHigh = false;
    const auto key = ConnectionKey::of(packet, extras, fromHigh);
    const auto found = key ? byKey_.find(*key) : byKey_.end();
    if (found == byKey_.end())
        return none;
    const auto begin = spans_.begin() + found->second.begin;
    const std::pair at(packet.timestamp, row);
    const auto after =
        std::upper_bound(begin, begin + found->second.count, at, [](const auto& place, const Span& span) {
            return place < std::pair(span.firstTime, span.firstRow);
        });
    if (after == begin)
        return none;
    const Span& span = *std::prev(after);
    return at <= std::pair(span.lastTime, span.lastRow) ? span.flow : none;
}

} // namespace packetloom
