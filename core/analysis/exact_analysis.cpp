// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/exact_analysis.h"

#include "core/analysis/flow_facts.h"
#include "core/analysis/row_flows.h"
#include "core/input/flows/zeek_rules.h"
#include "core/model/ip_protocol.h"
#include "core/support/signed_of.h"

#include <string>

namespace packetloom {
namespace {

std::string protocolOf(const ExactFlow& flow)
{
    const auto name = ipProtocolName(flow.protocol);
    return name.empty() && flow.protocol >= 0 ? std::to_string(flow.protocol) : std::string(name);
}

std::uint8_t marksOf(const ExactFlow& flow, const FlowEnding& ending)
{
    unsigned marks = FlowTable::InitiatorKnown;
    const auto add = [&](bool holds, FlowTable::Mark mark) { marks |= holds ? unsigned{mark} : 0u; };
    add(ending.established, FlowTable::Established);
    add((flow.completeness & SeenData) != 0, FlowTable::DataTransferred);
    add((flow.completeness & (SeenFin | SeenRst)) != 0, FlowTable::Closing);
    add(ending.closeType == CloseType::Open, FlowTable::Ongoing);
    add(flow.ending == EndReason::Inactivity || flow.ending == EndReason::Attempt, FlowTable::ByTimeout);
    return static_cast<std::uint8_t>(marks);
}

void add(CaptureAnalysis& analysis, FlowFacts& facts, std::size_t i, const ExactFlow& flow)
{
    const std::string protocol = protocolOf(flow);
    const auto state = connStateName(flow.state);
    const FlowSide &sent = flow.sides[ExactFlow::originator], &received = flow.sides[ExactFlow::responder];
    const FlowEnding ending = zeekEnding(protocol, state);
    analysis.flows.add(FlowTable::Recorded{.number = i + 1,
                                           .source = flow.originatorEnd(),
                                           .destination = flow.responderEnd(),
                                           .state = ending.state,
                                           .closeType = ending.closeType,
                                           .invalidReason = InvalidReason::None,
                                           .marks = marksOf(flow, ending),
                                           .start = flow.start,
                                           .end = flow.lastPacket,
                                           .packets = sent.packets + received.packets,
                                           .bytes = signedOf(sent.wireBytes + received.wireBytes),
                                           .sentPackets = sent.packets,
                                           .sentBytes = signedOf(sent.wireBytes)});
    analysis.flows.setFirstRow(i, flow.firstRow);
    analysis.flows.setLastRow(i, flow.lastRow);
    FlowRecord record;
    record.protocol = protocol;
    record.state = state;
    record.receivedPackets = received.packets;
    record.receivedBytes = received.wireBytes;
    facts.add(record);
    ++analysis.tally.closeTypes[static_cast<std::size_t>(ending.closeType)];
    ++analysis.tally.invalidReasons[static_cast<std::size_t>(InvalidReason::None)];
    analysis.tally.byTimeout += analysis.flows.has(i, FlowTable::ByTimeout) ? 1u : 0u;
}

Result<void> countOutcomes(CaptureAnalysis& analysis, StopFlag stop)
{
    const auto flowOfRow = rowFlowsOf(analysis, stop);
    if (!flowOfRow)
        return flowOfRow.error();
    Timeline byOutcome{flowOutcomeCount};
    PacketSpool::Reader reader(analysis.spool);
    std::vector<std::uint32_t> flows;
    for (std::size_t block = 0; block < analysis.spool.blocks(); ++block) {
        if (stopped(stop))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (auto loaded = reader.load(block, PacketSpool::Time | PacketSpool::Length); !loaded)
            return loaded;
        flows.resize(reader.packets().size());
        if (auto read = (*flowOfRow)->read(reader.firstRow(), flows); !read)
            return read;
        for (std::size_t i = 0; i < flows.size(); ++i) {
            const Packet& packet = reader.packets()[i];
            if (flows[i] != RowFlows::none)
                byOutcome.add(packet.timestamp, static_cast<std::size_t>(analysis.flows.outcome(flows[i])),
                              packet.length);
        }
    }
    analysis.byOutcome = std::move(byOutcome);
    return {};
}

} // namespace

Result<void> tellExactFlows(CaptureAnalysis& analysis, const ExactRules& rules, StopFlag stop, Depth depth)
{
    auto exact = exactFlowsOf(analysis, rules, analysis.options.threads, stop);
    if (!exact)
        return exact.error();
    analysis.exact = *std::move(exact);
    analysis.flows = {};
    analysis.tally = {};
    auto facts = std::make_shared<FlowFacts>();
    for (std::size_t i = 0; i < analysis.exact->size(); ++i)
        add(analysis, *facts, i, analysis.exact->flow(i));
    analysis.facts = std::move(facts);
    analysis.totals.flows = analysis.flows.size();
    return depth == Depth::Flows ? countOutcomes(analysis, stop) : Result<void>();
}

} // namespace packetloom
