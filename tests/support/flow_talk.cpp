// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/flow_talk.h"

#include "core/flow/flow_engine.h"

#include <stdexcept>

namespace packetloom::test {

FlowTalk& FlowTalk::handshake()
{
    client(syn, 1000);
    wait(9 * ms).server(syn | ack, 5000, 1001);
    return wait(9 * ms).client(ack, 1001, 5001);
}

FlowTalk& FlowTalk::send(bool fromClient, std::int64_t flags, std::int64_t sequence,
                         std::int64_t acknowledged, const Segment& more)
{
    constexpr std::int64_t ethernet = 14, headers = 40;
    now_ += ms;
    Row row;
    Packet& packet = row.packet;
    // resolved when the capture is made
    packet.source = AddressId{fromClient ? 1u : 2u};
    packet.destination = AddressId{fromClient ? 2u : 1u};
    packet.sourcePort = fromClient ? 40000 : 80;
    packet.destinationPort = fromClient ? 80 : 40000;
    packet.timestamp = now_;
    packet.flags.bits = flags;
    packet.sequence = sequence;
    packet.acknowledgment = acknowledged;
    packet.length = ethernet + headers + more.payload;
    packet.protocol = protocolTcp;
    packet.hasProtocol = true;
    if (more.known) {
        row.extras.payload = static_cast<std::int32_t>(more.payload);
        row.extras.ipBytes = static_cast<std::int32_t>(headers + more.payload);
        row.extras.window = more.window;
    }
    row.extras.damage = more.damage;
    rows_.push_back(row);
    return *this;
}

std::shared_ptr<const CaptureAnalysis> FlowTalk::analysis(const std::filesystem::path& folder,
                                                          std::int64_t captureGoesOn) const
{
    auto made = std::make_shared<CaptureAnalysis>(Options(), folder);
    const AddressId first = made->addresses.intern(clientIsHigh_ ? "10.0.0.2" : "10.0.0.1"),
                    second = made->addresses.intern(clientIsHigh_ ? "10.0.0.1" : "10.0.0.2");
    const AddressId clientAddress = clientIsHigh_ ? second : first,
                    serverAddress = clientIsHigh_ ? first : second;
    std::vector<FlowPacket> packets;
    CompletedFlow flow;
    flow.number = 1;
    for (const Row& row : rows_) {
        Packet packet = row.packet;
        const auto resolved = [&](AddressId id) { return index(id) == 1 ? clientAddress : serverAddress; };
        packet.source = resolved(packet.source);
        packet.destination = resolved(packet.destination);
        made->spool.add(packet, row.extras);
        flow.key = FlowKey::of(packet);
        packets.push_back(FlowPacket::of(packet));
        made->totals.lastTimestamp = packet.timestamp + captureGoesOn;
    }
    if (!made->spool.finish())
        throw std::runtime_error("no temporary file");
    flow.packets = packets;
    flow.openedByHigh = packets.front().fromHigh;
    flow.lastRow = rows_.size() - 1;
    made->totals.rows.kept = rows_.size();
    made->flows.add(flow, defaultFlowEngine().makeJudge()->judge(flow));
    return made;
}

TraceQuery FlowTalk::wholeFlow()
{
    return {.flow = 0, .interval = {}, .rules = {}};
}

std::shared_ptr<const FlowTrace> FlowTalk::trace(const std::filesystem::path& folder, const TraceQuery& query,
                                                 std::int64_t captureGoesOn) const
{
    auto made = traceFlow(*analysis(folder, captureGoesOn), query);
    if (!made)
        throw std::runtime_error("the flow cannot be traced");
    return std::make_shared<const FlowTrace>(*std::move(made));
}

} // namespace packetloom::test
