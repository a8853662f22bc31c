// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analysis.h"

#include "core/analysis/flow_reading.h"
#include "core/flow/flow_engine.h"
#include "core/input/dataset/dataset_file.h"
#include "core/input/dataset/flow_reader.h"
#include "core/support/guard.h"

#include <algorithm>
#include <numeric>

namespace packetloom {

std::uint64_t memoryOf(const Analysis& analysis)
{
    constexpr std::uint64_t bytesAFlow = 118, bytesAPair = 44, bytesAnAddress = 60;
    const auto* const capture = analysis.capture();
    return analysis.flows.size() * bytesAFlow + analysis.pairs.size() * bytesAPair +
           analysis.addresses.size() * bytesAnAddress +
           (capture && capture->whole ? memoryOf(*capture->whole) : 0);
}

Result<FlowDetail> DatasetAnalysis::detail(std::size_t flow) const
{
    const auto file = source.chunkFile(flow);
    FlowDetail detail;
    detail.key = flows.key(flow);
    const auto text = [&](const Endpoint& end) { return EndText{addresses.text(end.address), end.port}; };
    const auto judge = defaultFlowEngine().makeJudge();
    auto stored = readStoredFlow(file, source.places[flow].indexInChunk,
                                 {text(detail.key.low), text(detail.key.high)}, *judge);
    if (!stored)
        return std::move(stored).error();
    const FlowLife& life = stored->life;
    if (stored->number != flows.number(flow) || stored->totalPackets != flows.packets(flow) ||
        life.listedPackets > stored->totalPackets || life.state != flows.state(flow) ||
        life.closeType != flows.closeType(flow) || life.invalidReason != flows.invalidReason(flow))
        return datasetMismatch(file, "it tells another flow_" + std::to_string(flows.number(flow)) +
                                         " than flows_index.json");
    detail.packets = std::move(stored->packets);
    detail.life = std::move(stored->life);
    detail.byTimeout = stored->byTimeout;
    return detail;
}

Result<FlowDetail> CaptureAnalysis::detail(std::size_t flow) const
{
    FlowDetail detail;
    detail.key = flows.key(flow);
    detail.packets.reserve(static_cast<std::size_t>(flows.packets(flow)));
    const FlowSpan span = exact ? spanOf(exact->flow(flow))
                                : FlowSpan{.key = detail.key,
                                           .protocol = protocolTcp,
                                           .range = {.firstRow = flows.firstRow(flow),
                                                     .lastRow = flows.lastRow(flow),
                                                     .earliest = flows.start(flow),
                                                     .latest = flows.end(flow)},
                                           .packets = flows.packets(flow)};
    auto read = readInTime(spool, span, [&](std::span<const FlowRow> rows) {
        for (const FlowRow& row : rows)
            detail.packets.push_back(FlowPacket::of(row.packet));
        return true;
    });
    if (!read)
        return std::move(read).error();
    detail.byTimeout = flows.has(flow, FlowTable::ByTimeout);
    if (exact && span.protocol != protocolTcp)
        return detail; // of which the reference knows nothing
    detail.life = defaultFlowEngine().makeJudge()->judge({.number = flows.number(flow),
                                                          .key = detail.key,
                                                          .packets = detail.packets,
                                                          .byTimeout = detail.byTimeout,
                                                          .firstRow = flows.firstRow(flow),
                                                          .lastRow = flows.lastRow(flow)});
    return detail;
}

Result<FlowDetail> readFlow(const Analysis& analysis, std::size_t flow)
{
    return guarded([&] { return analysis.detail(flow); });
}

} // namespace packetloom
