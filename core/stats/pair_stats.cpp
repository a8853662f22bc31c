// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/pair_stats.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace packetloom {
namespace {

constexpr auto earlier = [](const AddressPair& x, const AddressPair& y) { return x.firstRow < y.firstRow; };

} // namespace

AddressPair& PairStats::find(AddressId a, AddressId b, std::uint64_t row, std::int64_t first,
                             std::int64_t last)
{
    if (!indexed_)
        index();
    const std::uint64_t hashed = hash(a, b);
    const auto slot = table_.find(hashed, [&](SlotTable::Slot s) {
        const AddressPair& pair = pairs_[s];
        return (pair.a == a && pair.b == b) || (pair.a == b && pair.b == a);
    });
    if (slot == SlotTable::none) {
        if (pairs_.size() >= SlotTable::none)
            throw std::length_error("more than 2^32 - 1 pairs of addresses");
        table_.insert(hashed, static_cast<SlotTable::Slot>(pairs_.size()));
        AddressPair& fresh = pairs_.emplace_back();
        fresh.a = a;
        fresh.b = b;
        fresh.firstRow = row;
        fresh.firstTimestamp = first;
        fresh.lastTimestamp = last;
        return fresh;
    }
    AddressPair& pair = pairs_[slot];
    if (row < pair.firstRow) { // flows come in order of completion
        pair.firstRow = row;
        if (pair.a != a) {
            std::swap(pair.a, pair.b);
            std::swap(pair.packetsFromA, pair.packetsFromB);
            std::swap(pair.bytesFromA, pair.bytesFromB);
        }
    }
    pair.firstTimestamp = std::min(pair.firstTimestamp, first);
    pair.lastTimestamp = std::max(pair.lastTimestamp, last);
    return pair;
}

void PairStats::add(const Packet& packet, std::uint64_t row)
{
    AddressPair& pair = find(packet.source, packet.destination, row, packet.timestamp, packet.timestamp);
    const std::int64_t bytes = std::max<std::int64_t>(packet.length, 0);
    if (packet.source == pair.a) {
        ++pair.packetsFromA;
        pair.bytesFromA += bytes;
    } else {
        ++pair.packetsFromB;
        pair.bytesFromB += bytes;
    }
}

void PairStats::addFlow(const FlowCounts& flow)
{
    const std::array ends{flow.key.low.address, flow.key.high.address};
    const std::size_t opener = flow.openedByHigh ? 1 : 0;
    AddressPair& pair =
        find(ends[opener], ends[1 - opener], flow.firstRow, flow.firstTimestamp, flow.lastTimestamp);
    for (std::size_t end = 0; end < 2; ++end) {
        if (ends[end] == pair.a) { // both ends, where an address talks to itself
            pair.packetsFromA += flow.packets[end];
            pair.bytesFromA += flow.bytes[end];
        } else {
            pair.packetsFromB += flow.packets[end];
            pair.bytesFromB += flow.bytes[end];
        }
    }
}

void PairStats::index()
{
    table_ = {};
    for (std::size_t i = 0; i < pairs_.size(); ++i)
        table_.insert(hash(pairs_[i].a, pairs_[i].b), static_cast<SlotTable::Slot>(i));
    indexed_ = true;
}

void PairStats::putInOrder()
{
    if (std::is_sorted(pairs_.begin(), pairs_.end(), earlier))
        return;
    table_ = {};
    indexed_ = false;
    std::sort(pairs_.begin(), pairs_.end(), earlier);
}

void PairStats::merge(std::vector<PairStats> shards)
{
    std::size_t all = pairs_.size();
    for (const PairStats& shard : shards)
        all += shard.pairs_.size();
    pairs_.reserve(all);
    for (PairStats& shard : shards) {
        const auto middle = static_cast<std::ptrdiff_t>(pairs_.size());
        pairs_.insert(pairs_.end(), shard.pairs_.begin(), shard.pairs_.end());
        shard = {};
        std::inplace_merge(pairs_.begin(), pairs_.begin() + middle, pairs_.end(), earlier);
    }
    table_ = {};
    indexed_ = false;
}

} // namespace packetloom
