// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/flow_assignment.h"

#include "core/dataset/flow_json.h"

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

bool FlowAssignment::open(const FlowKey& key, std::uint64_t row, Open& opened)
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
    opened = {.packetsLeft = flows_.packets(flow), .flow = flow, .endsKnown = known};
    return true;
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
        if (!open(key, row, opened))
            return Fate::Unfit;
        found = open_.emplace(key, opened).first;
    }
    Open& now = found.value();
    flow_ = now.flow;
    if (packet.timestamp < flows_.start(flow_) || packet.timestamp > flows_.end(flow_))
        return unfit(flow_, "begins later or ends before it");
    if (!now.endsKnown && packet.timestamp == flows_.start(flow_)) { // the first one by time, then by row
        flows_.setEnds(flow_, {packet.source, packet.sourcePort},
                       {packet.destination, packet.destinationPort});
        now.endsKnown = true;
    }
    if (--now.packetsLeft > 0)
        return Fate::InFlow;
    flows_.setLastRow(flow_, row);
    if (!now.endsKnown)
        return unfit(flow_, "has no packet at its start");
    open_.erase(found);
    return Fate::InFlow;
}

bool FlowAssignment::finish()
{
    if (open_.empty() && opened_ == byNumber_.size())
        return true;
    unfit(open_.empty() ? byNumber_[opened_] : open_.begin()->second.flow, "has more packets than this file");
    return false;
}

} // namespace packetloom
