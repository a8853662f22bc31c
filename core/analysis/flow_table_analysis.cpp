// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_table_analysis.h"

#include <algorithm>
#include <limits>

namespace packetloom {
namespace {

constexpr std::size_t flowsBetweenStops = std::size_t{1} << 14;
constexpr auto unknownAddress = static_cast<AddressId>(std::numeric_limits<std::uint32_t>::max());

// WideSum is of signed numbers; no column is read that has more.
WideSum bytesOf(std::uint64_t count)
{
    return WideSum(static_cast<std::int64_t>(count));
}

} // namespace

Result<FlowDetail> FlowTableAnalysis::detail(std::size_t /*flow*/) const
{
    return Error{.code = Errc::FlowTable, .detail = std::string(format->name), .file = {}};
}

FlowCounts FlowTableAnalysis::counts(std::size_t flow) const
{
    Packet ends;
    ends.source = flows.source(flow);
    ends.destination = flows.destination(flow);
    ends.sourcePort = flows.sourcePort(flow);
    ends.destinationPort = flows.destinationPort(flow);
    const bool turned = FlowKey::isTurned(ends);
    const std::size_t source = turned ? 1 : 0;
    FlowCounts counts;
    counts.key = FlowKey::of(ends);
    counts.firstRow = flow;
    counts.openedByHigh = turned;
    counts.packets[source] = flows.sentPackets(flow);
    counts.packets[1 - source] = facts.receivedPackets(flow);
    counts.bytes[source] = WideSum(flows.sentBytes(flow));
    counts.bytes[1 - source] = bytesOf(facts.receivedBytes(flow));
    counts.firstTimestamp = flows.start(flow);
    counts.lastTimestamp = flows.end(flow);
    return counts;
}

std::shared_ptr<NarrowedPackets> FlowTableAnalysis::countedOf(const std::vector<std::uint32_t>& some,
                                                              StopFlag stop) const
{
    auto counted = std::make_shared<NarrowedPackets>();
    std::vector<AddressId> numbers(addresses.size(), unknownAddress);
    const auto translated = [&](AddressId address) {
        AddressId& number = numbers[index(address)];
        if (number == unknownAddress)
            number = counted->addresses.intern(addresses.text(address));
        return number;
    };
    RunTotals& within = counted->totals;
    std::size_t done = 0;
    for (const std::uint32_t i : some) {
        if (done % flowsBetweenStops == 0 && stopped(stop))
            return nullptr;
        FlowCounts counts = this->counts(i);
        const AddressId source = translated(flows.source(i)), destination = translated(flows.destination(i));
        // The order of two numbers may be another one here, and with it which end is low.
        Packet ends;
        ends.source = source;
        ends.destination = destination;
        ends.sourcePort = flows.sourcePort(i);
        ends.destinationPort = flows.destinationPort(i);
        if (const bool turned = FlowKey::isTurned(ends); turned != counts.openedByHigh) {
            counts.openedByHigh = turned;
            std::swap(counts.packets[0], counts.packets[1]);
            std::swap(counts.bytes[0], counts.bytes[1]);
        }
        counts.key = FlowKey::of(ends);
        counted->addressStats.addFlow(counts);
        counted->pairs.addFlow(counts);
        within.firstTimestamp =
            done == 0 ? counts.firstTimestamp : std::min(within.firstTimestamp, counts.firstTimestamp);
        within.lastTimestamp =
            done == 0 ? counts.lastTimestamp : std::max(within.lastTimestamp, counts.lastTimestamp);
        within.tcpPackets += isTcp(i) ? flows.packets(i) : 0;
        counted->packetCount += flows.packets(i);
        ++done;
    }
    counted->inputs = inputs;
    within.rows.read = within.rows.kept = done;
    within.uniqueAddresses = counted->addressStats.unique().size();
    return counted;
}

} // namespace packetloom
