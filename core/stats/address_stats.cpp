// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/address_stats.h"

#include "core/support/radix_sort.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace packetloom {

void AddressStats::makeSlab(std::size_t slab)
{
    if (slab >= slabs_.size())
        slabs_.resize(slab + 1);
    slabs_[slab] = std::make_unique<Slab>();
}

AddressStats::Wide AddressStats::unpacked(const Record& record) const
{
    return record.traffic.isWide() ? wide_[record.traffic.wide()]
                                   : Wide{record.traffic.get(), record.firstAppearance};
}

void AddressStats::put(Record& record, const Wide& value)
{
    if (record.traffic.isWide()) {
        wide_[record.traffic.wide()] = value;
    } else if (value.firstAppearance < withoutTcp && record.traffic.put(value.traffic)) {
        record.firstAppearance = static_cast<std::uint32_t>(value.firstAppearance);
    } else {
        record.firstAppearance = 0;
        record.traffic.setWide(static_cast<std::uint32_t>(wide_.size()));
        wide_.push_back(value);
    }
}

// `appearance` orders what appears first in a row, then by end.
void AddressStats::add(AddressId id, std::uint64_t appearance, const Traffic& traffic)
{
    note(id);
    Record& record = at(id);
    if (record.firstAppearance == withoutTcp) {
        order_.push_back(id);
        put(record, {traffic, appearance});
    } else if (record.traffic.isWide()) { // the busiest ones: where they are
        Wide& value = wide_[record.traffic.wide()];
        value.firstAppearance = std::min(value.firstAppearance, appearance);
        value.traffic.add(traffic);
    } else {
        Wide value = unpacked(record);
        value.firstAppearance = std::min(value.firstAppearance, appearance);
        value.traffic.add(traffic);
        put(record, value);
    }
}

AddressCounters AddressStats::counters(AddressId id) const
{
    const Record* const record = find(id);
    if (!record)
        return {};
    const Traffic traffic = unpacked(*record).traffic;
    return {.sentPackets = traffic.packets[0],
            .receivedPackets = traffic.packets[1],
            .sentBytes = traffic.bytes[0],
            .receivedBytes = traffic.bytes[1],
            .firstTimestamp = traffic.firstTimestamp,
            .lastTimestamp = traffic.lastTimestamp};
}

void AddressStats::restore(AddressId id, const AddressCounters& counters)
{
    add(id, order_.size(),
        {{counters.sentPackets, counters.receivedPackets},
         {counters.sentBytes, counters.receivedBytes},
         counters.firstTimestamp,
         counters.lastTimestamp});
}

void AddressStats::addTcp(const Packet& packet, std::uint64_t row)
{
    const WideSum bytes(std::max<std::int64_t>(packet.length, 0));
    add(packet.source, 2 * row, {{1, 0}, {bytes, WideSum()}, packet.timestamp, packet.timestamp});
    add(packet.destination, 2 * row + 1, {{0, 1}, {WideSum(), bytes}, packet.timestamp, packet.timestamp});
}

void AddressStats::addFlow(const FlowCounts& flow)
{
    const Traffic fromLow{flow.packets, flow.bytes, flow.firstTimestamp, flow.lastTimestamp};
    add(flow.key.low.address, 2 * flow.firstRow + (flow.openedByHigh ? 1 : 0), fromLow);
    add(flow.key.high.address, 2 * flow.firstRow + (flow.openedByHigh ? 0 : 1), fromLow.turned());
}

void AddressStats::addPair(const AddressPair& pair)
{
    const Traffic fromA{{pair.packetsFromA, pair.packetsFromB},
                        {pair.bytesFromA, pair.bytesFromB},
                        pair.firstTimestamp,
                        pair.lastTimestamp};
    add(pair.a, 2 * pair.firstRow, fromA);
    add(pair.b, 2 * pair.firstRow + 1, fromA.turned());
}

void AddressStats::addPairs(const PairStats& pairs)
{
    pairs.forEach([this](const AddressPair& pair) { addPair(pair); },
                  [this](AddressId a, AddressId b) {
                      prefetch(a);
                      prefetch(b);
                  });
}

void AddressStats::merge(AddressStats&& other)
{
    if (unique_.empty()) { // the first one, nearly always the largest
        *this = std::move(other);
        return;
    }
    for (const AddressId id : other.unique_)
        note(id);
    for (const AddressId id : other.order_) {
        const Wide more = other.unpacked(*other.find(id));
        add(id, more.firstAppearance, more.traffic);
    }
}

void AddressStats::putInOrder()
{
    const auto appearance = [this](AddressId id) { return unpacked(*find(id)).firstAppearance; };
    const auto ordered = [&]<class Key>(Key) {
        // The keys beside what they order: of millions of addresses each comparison would miss the cache.
        std::vector<Ranked<Key>> ranked(order_.size());
        constexpr std::size_t ahead = 16;
        for (std::size_t i = 0; i < order_.size(); ++i) {
            if (i + ahead < order_.size())
                prefetch(order_[i + ahead]);
            ranked[i] = {static_cast<Key>(appearance(order_[i])), index(order_[i])};
        }
        sortRanked(ranked);
        for (std::size_t i = 0; i < order_.size(); ++i)
            order_[i] = AddressId{ranked[i].what};
    };
    const bool wide = std::any_of(wide_.begin(), wide_.end(), [](const Wide& one) {
        return one.firstAppearance > std::numeric_limits<std::uint32_t>::max();
    });
    if (wide)
        ordered(std::uint64_t{});
    else
        ordered(std::uint32_t{});
}

} // namespace packetloom
