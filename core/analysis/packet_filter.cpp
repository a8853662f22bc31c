// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packet_filter.h"

#include "core/analysis/flow_filter.h"

#include <algorithm>

namespace packetloom {

PacketFilter::PacketFilter(const Analysis& analysis, const FilterExpression& expression, StopFlag stop)
    : rows_(analysis.addresses, expression)
{
    constexpr std::size_t flowsBetweenStops = std::size_t{1} << 14;
    for (const auto& part : rows_.flowParts()) {
        auto& hits = flowHits_.emplace_back(analysis.flows.size());
        const FlowFilter filter(analysis, part, stop);
        for (std::size_t first = 0; first < hits.size() && !stopped(stop); first += flowsBetweenStops) {
            const auto count = std::min(flowsBetweenStops, hits.size() - first);
            filter.match(first, std::span(hits).subspan(first, count));
        }
    }
}

void PacketFilter::match(std::span<const Packet> packets, std::span<const std::uint32_t> flowOfRow,
                         std::span<std::uint8_t> hits) const
{
    if (flowHits_.empty())
        return rows_.match(packets, 0, hits);
    // Rows are counted from the first of these packets.
    const RowFilter::FlowHits flows = [&](std::size_t part, std::uint64_t firstRow,
                                          std::span<std::uint8_t> some) {
        const auto& byFlow = flowHits_[part];
        for (std::size_t i = 0; i < some.size(); ++i) {
            const std::size_t row = static_cast<std::size_t>(firstRow) + i;
            const auto flow = row < flowOfRow.size() ? flowOfRow[row] : noFlow;
            some[i] = flow < byFlow.size() ? byFlow[flow] : std::uint8_t{0};
        }
    };
    rows_.match(packets, 0, hits, &flows);
}

} // namespace packetloom
