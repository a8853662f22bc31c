// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_assignment.h"

#include "core/input/dataset/flow_words.h"

#include <algorithm>

namespace packetloom {

bool FlowAssignment::begin()
{
    constexpr std::uint32_t nobody = ~std::uint32_t{0};
    byNumber_.assign(flows_.size(), nobody);
    for (std::size_t i = 0; i < flows_.size(); ++i) {
        const std::uint64_t number = flows_.number(i);
        if (number == 0 || number > byNumber_.size() || byNumber_[number - 1] != nobody)
            return false;
        byNumber_[number - 1] = static_cast<std::uint32_t>(i);
    }
    return true;
}

FlowAssignment::Fate FlowAssignment::unfit(std::size_t flow, const char* what)
{
    problem_ = "flow_" + std::to_string(flows_.number(flow)) + " of flows_index.json " + what;
    return Fate::Unfit;
}

bool FlowAssignment::open(const FlowKey& key, const Packet& packet, std::uint64_t row, Open& opened)
{
    if (opened_ == byNumber_.size()) {
        problem_ = "flows_index.json has no flow for it";
        return false;
    }
    const std::uint32_t flow = byNumber_[opened_++];
    const bool known = flows_.has(flow, FlowTable::InitiatorKnown);
    if (keys_[flow] != hashOf(flowKeyText(addresses_, key)) || (known && !(flows_.key(flow) == key))) {
        unfit(flow, "has other ends");
        return false;
    }
    flows_.setFirstRow(flow, row);
    opened = {.packetsLeft = flows_.packets(flow),
              .earliest = packet.timestamp,
              .latest = packet.timestamp,
              .bytes = {},
              .highPackets = 0,
              .highBytes = {},
              .flow = flow,
              .endsKnown = known};
    return true;
}

FlowAssignment::Fate FlowAssignment::complete(const FlowKey& key, const Open& flow, std::uint64_t row)
{
    flows_.setLastRow(flow.flow, row);
    if (flow.earliest != flows_.start(flow.flow) || flow.latest != flows_.end(flow.flow))
        return unfit(flow.flow, "has other times");
    if (flow.bytes.clamped() != flows_.bytes(flow.flow))
        return unfit(flow.flow, "has other bytes");
    const bool fromHigh = !(key.low == flows_.sourceEnd(flow.flow));
    WideSum lowBytes = flow.bytes;
    lowBytes -= flow.highBytes;
    flows_.setSent(flow.flow, fromHigh ? flow.highPackets : flows_.packets(flow.flow) - flow.highPackets,
                   (fromHigh ? flow.highBytes : lowBytes).clamped());
    return Fate::InFlow;
}

FlowAssignment::Fate FlowAssignment::take(const Packet& packet, std::uint64_t row)
{
    if (!packet.isTcp() || packet.sourcePort == 0 || packet.destinationPort == 0 ||
        packet.source == emptyAddress || packet.destination == emptyAddress)
        return Fate::NoFlow;
    const FlowKey key = FlowKey::of(packet);
    auto found = open_.find(key);
    if (found == open_.end()) {
        Open opened;
        if (!open(key, packet, row, opened))
            return Fate::Unfit;
        found = open_.emplace(key, opened).first;
    }
    Open& now = found.value();
    flow_ = now.flow;
    now.earliest = std::min(now.earliest, packet.timestamp);
    now.latest = std::max(now.latest, packet.timestamp);
    now.bytes += packet.length;
    const bool fromHigh = FlowKey::isTurned(packet);
    now.highPackets += fromHigh ? 1 : 0;
    now.highBytes += fromHigh ? packet.length : 0;
    if (!now.endsKnown && packet.timestamp == flows_.start(flow_)) { // the first one by time, then by row
        flows_.setEnds(flow_, {packet.source, packet.sourcePort},
                       {packet.destination, packet.destinationPort});
        now.endsKnown = true;
    }
    if (--now.packetsLeft > 0)
        return Fate::InFlow;
    const Open full = now;
    open_.erase(found);
    return complete(key, full, row);
}

bool FlowAssignment::finish()
{
    if (open_.empty() && opened_ == byNumber_.size())
        return true;
    std::size_t missing = open_.empty() ? byNumber_[opened_] : open_.begin()->second.flow;
    for (const auto& [key, flow] : open_) { // the first one, whatever the order of the table
        if (flows_.number(flow.flow) < flows_.number(missing))
            missing = flow.flow;
    }
    unfit(missing, "has more packets than this file");
    return false;
}

} // namespace packetloom
