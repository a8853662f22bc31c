// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/address_stats.h"

#include <algorithm>

namespace packetloom {

void AddressStats::note(AddressId id)
{
    if (index(id) >= present_.size()) {
        const std::size_t size = std::max<std::size_t>(index(id) + std::size_t{1}, present_.size() * 2);
        present_.resize(size);
        counters_.resize(size);
    }
    if (!present_[index(id)]) {
        present_[index(id)] = true;
        unique_.push_back(id);
    }
}

void AddressStats::addAny(const Packet& packet)
{
    note(packet.source);
    note(packet.destination);
}

void AddressStats::restore(AddressId id, const AddressCounters& counters)
{
    note(id);
    counters_[index(id)] = counters;
    order_.push_back(id);
}

AddressCounters& AddressStats::touch(AddressId id, std::int64_t timestamp)
{
    AddressCounters& counters = counters_[index(id)];
    if (!counters.seen()) {
        order_.push_back(id);
        counters.firstTimestamp = counters.lastTimestamp = timestamp;
    } else {
        counters.firstTimestamp = std::min(counters.firstTimestamp, timestamp);
        counters.lastTimestamp = std::max(counters.lastTimestamp, timestamp);
    }
    return counters;
}

void AddressStats::addTcp(const Packet& packet)
{
    const std::int64_t bytes = std::max<std::int64_t>(packet.length, 0);
    AddressCounters& source = touch(packet.source, packet.timestamp);
    ++source.sentPackets;
    source.sentBytes += bytes;
    AddressCounters& destination = touch(packet.destination, packet.timestamp);
    ++destination.receivedPackets;
    destination.receivedBytes += bytes;
}

} // namespace packetloom
