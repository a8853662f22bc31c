// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_directions.h"

#include "core/analysis/analysis.h"
#include "core/analysis/flow_facts.h"

#include <algorithm>

namespace packetloom {

bool directionsKnown(const Analysis& analysis)
{
    const auto* const facts = analysis.flowFacts();
    if (!facts)
        return true;
    for (std::size_t i = 0; i < analysis.flows.size(); ++i) {
        if (facts->receivedPackets(i) > 0 || facts->receivedBytes(i) > 0)
            return true;
    }
    return false;
}

FlowDirections directionsOf(const Analysis& analysis, std::size_t flow)
{
    const FlowTable& flows = analysis.flows;
    FlowDirections both{
        .sentBytes = WideSum(flows.sentBytes(flow)), .receivedBytes = {}, .unanswered = false};
    if (const auto* const facts = analysis.flowFacts()) {
        // No column is read that has more than a signed number.
        both.receivedBytes = WideSum(static_cast<std::int64_t>(facts->receivedBytes(flow)));
        const bool sent = flows.sentPackets(flow) > 0 || flows.sentBytes(flow) > 0;
        both.unanswered = sent && facts->receivedPackets(flow) == 0 && facts->receivedBytes(flow) == 0;
        return both;
    }
    both.receivedBytes = WideSum(flows.bytes(flow));
    both.receivedBytes -= both.sentBytes;
    both.unanswered = flows.sentPackets(flow) == flows.packets(flow);
    return both;
}

} // namespace packetloom
