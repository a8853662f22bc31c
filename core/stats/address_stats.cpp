// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/address_stats.h"

#include <algorithm>

namespace packetloom {

void AddressStats::noteNew(AddressId id)
{
    if (index(id) >= present_.size()) {
        const std::size_t size = std::max<std::size_t>(index(id) + std::size_t{1}, present_.size() * 2);
        present_.resize(size);
        counters_.resize(size);
        firstAppearance_.resize(size);
    }
    present_[index(id)] = 1;
    unique_.push_back(id);
}

void AddressStats::restore(AddressId id, const AddressCounters& counters)
{
    note(id);
    counters_[index(id)] = counters;
    order_.push_back(id);
}

AddressCounters& AddressStats::touch(AddressId id, std::uint64_t appearance, std::int64_t first,
                                     std::int64_t last)
{
    AddressCounters& counters = counters_[index(id)];
    if (!counters.seen()) {
        order_.push_back(id);
        firstAppearance_[index(id)] = appearance;
        counters.firstTimestamp = first;
        counters.lastTimestamp = last;
    } else {
        firstAppearance_[index(id)] = std::min(firstAppearance_[index(id)], appearance);
        counters.firstTimestamp = std::min(counters.firstTimestamp, first);
        counters.lastTimestamp = std::max(counters.lastTimestamp, last);
    }
    return counters;
}

void AddressStats::addTcp(const Packet& packet, std::uint64_t row)
{
    const std::int64_t bytes = std::max<std::int64_t>(packet.length, 0);
    AddressCounters& source = touch(packet.source, 2 * row, packet.timestamp, packet.timestamp);
    ++source.sentPackets;
    source.sentBytes += bytes;
    AddressCounters& destination = touch(packet.destination, 2 * row + 1, packet.timestamp, packet.timestamp);
    ++destination.receivedPackets;
    destination.receivedBytes += bytes;
}

void AddressStats::addFlow(const FlowCounts& flow)
{
    const std::array ends{flow.key.low.address, flow.key.high.address};
    for (std::size_t end = 0; end < 2; ++end) {
        const bool opened = (end == 1) == flow.openedByHigh;
        AddressCounters& counters =
            touch(ends[end], 2 * flow.firstRow + (opened ? 0 : 1), flow.firstTimestamp, flow.lastTimestamp);
        counters.sentPackets += flow.packets[end];
        counters.sentBytes += flow.bytes[end];
        counters.receivedPackets += flow.packets[1 - end];
        counters.receivedBytes += flow.bytes[1 - end];
    }
}

void AddressStats::putInOrder()
{
    std::sort(order_.begin(), order_.end(), [this](AddressId a, AddressId b) {
        return firstAppearance_[index(a)] < firstAppearance_[index(b)];
    });
}

} // namespace packetloom
