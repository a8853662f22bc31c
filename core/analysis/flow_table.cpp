// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_table.h"

#include "core/support/growth.h"

#include <algorithm>

namespace packetloom {

void FlowTable::add(const CompletedFlow& flow, const FlowLife& life)
{
    const FlowPacket first = life.syn ? flow.packets[*life.syn] : flow.packets.front();
    const auto mark = [](bool yes, Mark which) { return yes ? unsigned{which} : 0u; };
    number_.push_back(flow.number);
    source_.push_back(flow.source(first).address);
    sourcePort_.push_back(flow.source(first).port);
    destination_.push_back(flow.destination(first).address);
    destinationPort_.push_back(flow.destination(first).port);
    state_.push_back(life.state);
    closeType_.push_back(life.closeType);
    invalidReason_.push_back(life.invalidReason);
    marks_.push_back(static_cast<std::uint8_t>(
        mark(life.syn.has_value(), InitiatorKnown) | mark(life.establishmentComplete, Established) |
        mark(life.dataTransferStarted, DataTransferred) | mark(life.closingStarted, Closing) |
        mark(life.ongoing, Ongoing) | mark(flow.byTimeout, ByTimeout)));
    start_.push_back(flow.packets.front().timestamp);
    end_.push_back(flow.packets.back().timestamp);
    packets_.push_back(flow.packets.size());
    bytes_.push_back(life.totalBytes.clamped());
    std::uint64_t sent = 0;
    WideSum sentBytes;
    flow.packets.forEach([&](std::size_t, const FlowPacket& packet) {
        const bool own = packet.fromHigh == first.fromHigh; // no branch: directions cannot be predicted
        sent += own ? 1 : 0;
        sentBytes += own ? packet.length : 0;
    });
    sentPackets_.push_back(sent);
    sentBytes_.push_back(sentBytes.clamped());
    firstRow_.push_back(flow.firstRow);
    lastRow_.push_back(flow.lastRow);
}

template <class Visit>
void FlowTable::forEachColumn(const Visit& visit)
{
    visit(&FlowTable::number_);
    visit(&FlowTable::source_);
    visit(&FlowTable::sourcePort_);
    visit(&FlowTable::destination_);
    visit(&FlowTable::destinationPort_);
    visit(&FlowTable::state_);
    visit(&FlowTable::closeType_);
    visit(&FlowTable::invalidReason_);
    visit(&FlowTable::marks_);
    visit(&FlowTable::start_);
    visit(&FlowTable::end_);
    visit(&FlowTable::packets_);
    visit(&FlowTable::bytes_);
    visit(&FlowTable::sentPackets_);
    visit(&FlowTable::sentBytes_);
    visit(&FlowTable::firstRow_);
    visit(&FlowTable::lastRow_);
}

void FlowTable::appendByNumber(std::span<const FlowTable* const> parts)
{
    struct Source
    {
        const FlowTable* part;
        std::size_t row;
    };
    std::vector<Source> order;
    for (const FlowTable* part : parts) {
        const auto middle = static_cast<std::ptrdiff_t>(order.size());
        for (std::size_t i = 0; i < part->size(); ++i)
            order.push_back({part, i});
        std::inplace_merge(
            order.begin(), order.begin() + middle, order.end(),
            [](const Source& a, const Source& b) { return a.part->number_[a.row] < b.part->number_[b.row]; });
    }
    forEachColumn([&](auto column) {
        auto& to = this->*column;
        for (const Source& from : order)
            to.push_back((from.part->*column)[from.row]);
    });
}

void FlowTable::add(const FlowTable& other, std::size_t i, AddressId source, AddressId destination)
{
    forEachColumn([&](auto column) { (this->*column).push_back((other.*column)[i]); });
    source_.back() = source;
    destination_.back() = destination;
}

void FlowTable::clear()
{
    forEachColumn([this](auto column) { (this->*column).clear(); });
}

// The columns grow one after the other; each frees its old memory before the next.
std::uint64_t FlowTable::growth(std::size_t more) const
{
    return std::max({growthOf(number_, more), growthOf(sourcePort_, more), growthOf(start_, more),
                     growthOf(packets_, more), growthOf(firstRow_, more)});
}

void FlowTable::add(const Recorded& flow)
{
    number_.push_back(flow.number);
    source_.push_back(flow.source.address);
    sourcePort_.push_back(flow.source.port);
    destination_.push_back(flow.destination.address);
    destinationPort_.push_back(flow.destination.port);
    state_.push_back(flow.state);
    closeType_.push_back(flow.closeType);
    invalidReason_.push_back(flow.invalidReason);
    marks_.push_back(flow.marks);
    start_.push_back(flow.start);
    end_.push_back(flow.end);
    packets_.push_back(flow.packets);
    bytes_.push_back(flow.bytes);
    sentPackets_.push_back(flow.sentPackets);
    sentBytes_.push_back(flow.sentBytes);
    firstRow_.push_back(0);
    lastRow_.push_back(0);
}

void FlowTable::setEnds(std::size_t i, const Endpoint& source, const Endpoint& destination)
{
    source_[i] = source.address;
    sourcePort_[i] = source.port;
    destination_[i] = destination.address;
    destinationPort_[i] = destination.port;
}

FlowKey FlowTable::key(std::size_t i) const
{
    Packet packet;
    packet.source = source_[i];
    packet.sourcePort = sourcePort_[i];
    packet.destination = destination_[i];
    packet.destinationPort = destinationPort_[i];
    return FlowKey::of(packet);
}

} // namespace packetloom
