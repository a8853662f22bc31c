// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/address_stats.h"

#include <algorithm>
#include <utility>

namespace packetloom {

void AddressStats::noteNew(AddressId id)
{
    if (index(id) >= places_.size())
        places_.resize(std::max<std::size_t>(index(id) + std::size_t{1}, places_.size() * 2), absent);
    places_[index(id)] = withoutTcp;
    unique_.push_back(id);
}

AddressCounters& AddressStats::place(AddressId id)
{
    places_[index(id)] = firstPlace + static_cast<std::uint32_t>(counters_.size());
    order_.push_back(id);
    return counters_.emplace_back();
}

void AddressStats::restore(AddressId id, const AddressCounters& counters)
{
    note(id);
    place(id) = counters;
}

AddressCounters& AddressStats::touch(AddressId id, std::uint64_t appearance, std::int64_t first,
                                     std::int64_t last)
{
    if (places_[index(id)] < firstPlace) {
        firstAppearance_.push_back(appearance);
        AddressCounters& counters = place(id);
        counters.firstTimestamp = first;
        counters.lastTimestamp = last;
        return counters;
    }
    const std::size_t at = places_[index(id)] - firstPlace;
    firstAppearance_[at] = std::min(firstAppearance_[at], appearance);
    AddressCounters& counters = counters_[at];
    counters.firstTimestamp = std::min(counters.firstTimestamp, first);
    counters.lastTimestamp = std::max(counters.lastTimestamp, last);
    return counters;
}

void AddressStats::addTcp(const Packet& packet, std::uint64_t row)
{
    note(packet.source);
    note(packet.destination);
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
        note(ends[end]);
        AddressCounters& counters =
            touch(ends[end], 2 * flow.firstRow + (opened ? 0 : 1), flow.firstTimestamp, flow.lastTimestamp);
        counters.sentPackets += flow.packets[end];
        counters.sentBytes += flow.bytes[end];
        counters.receivedPackets += flow.packets[1 - end];
        counters.receivedBytes += flow.bytes[1 - end];
    }
}

void AddressStats::merge(AddressStats&& other)
{
    if (unique_.empty()) { // the first one, nearly always the largest
        *this = std::move(other);
        return;
    }
    for (const AddressId id : other.unique_)
        note(id);
    for (std::size_t i = 0; i < other.order_.size(); ++i) {
        const AddressCounters& more = other.counters_[i];
        AddressCounters& counters =
            touch(other.order_[i], other.firstAppearance_[i], more.firstTimestamp, more.lastTimestamp);
        counters.sentPackets += more.sentPackets;
        counters.receivedPackets += more.receivedPackets;
        counters.sentBytes += more.sentBytes;
        counters.receivedBytes += more.receivedBytes;
    }
}

void AddressStats::putInOrder()
{
    // The keys beside what they order: of millions of addresses each comparison would miss the cache twice.
    struct Appearance
    {
        std::uint64_t row;
        AddressId id;
    };
    std::vector<Appearance> appearances(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i)
        appearances[i] = {firstAppearance_[i], order_[i]};
    std::sort(appearances.begin(), appearances.end(),
              [](const Appearance& a, const Appearance& b) { return a.row < b.row; });
    for (std::size_t i = 0; i < order_.size(); ++i)
        order_[i] = appearances[i].id;
}

} // namespace packetloom
