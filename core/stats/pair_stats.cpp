// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/pair_stats.h"

#include "core/support/radix_sort.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace packetloom {

PairStats::Wide PairStats::unpacked(std::size_t slot) const
{
    const Slab& slab = *slabs_[slot / Slab::most];
    const Record& record = slab.records[slot % Slab::most];
    return record.traffic.isWide() ? slab.wide[record.traffic.wide()]
                                   : Wide{record.traffic.get(), record.firstRow};
}

void PairStats::put(Slab& slab, Record& record, const Wide& value)
{
    const auto row = static_cast<std::uint32_t>(value.firstRow);
    if (record.traffic.isWide()) {
        slab.wide[record.traffic.wide()] = value;
    } else if (row == value.firstRow && record.traffic.put(value.traffic)) {
        record.firstRow = row;
    } else {
        record.traffic.setWide(static_cast<std::uint32_t>(slab.wide.size()));
        slab.wide.push_back(value);
    }
}

AddressPair PairStats::pair(std::size_t slot) const
{
    const Record& record = slabs_[slot / Slab::most]->records[slot % Slab::most];
    const Wide value = unpacked(slot);
    return {.a = record.a,
            .b = record.b,
            .firstRow = value.firstRow,
            .packetsFromA = value.traffic.packets[0],
            .packetsFromB = value.traffic.packets[1],
            .bytesFromA = value.traffic.bytes[0],
            .bytesFromB = value.traffic.bytes[1],
            .firstTimestamp = value.traffic.firstTimestamp,
            .lastTimestamp = value.traffic.lastTimestamp};
}

void PairStats::add(AddressId a, AddressId b, std::uint64_t row, const Traffic& traffic)
{
    if (!indexed_)
        index();
    const std::uint64_t hashed = hash(a, b);
    const auto known = table_.find(hashed, [&](Slot s) {
        const Record& record = slabs_[s / Slab::most]->records[s % Slab::most];
        return (record.a == a && record.b == b) || (record.a == b && record.b == a);
    });
    if (known != SlotTable::none) {
        Slab& slab = *slabs_[known / Slab::most];
        Record& record = slab.records[known % Slab::most];
        Wide value = unpacked(known);
        if (row < value.firstRow) { // flows come in order of completion
            value.firstRow = row;
            if (record.a != a) {
                std::swap(record.a, record.b);
                value.traffic = value.traffic.turned();
            }
        }
        value.traffic.add(record.a == a ? traffic : traffic.turned());
        put(slab, record, value);
        return;
    }
    if (slabs_.empty() || slabs_.back()->used == Slab::most) {
        if (slabs_.size() >= SlotTable::none / Slab::most)
            throw std::length_error("more than 2^32 - 1 pairs of addresses");
        slabs_.push_back(std::make_unique_for_overwrite<Slab>());
        slabs_.back()->used = 0;
    }
    Slab& slab = *slabs_.back();
    const auto slot = static_cast<Slot>((slabs_.size() - 1) * Slab::most + slab.used);
    if (!order_.empty())
        order_.push_back(slot);
    table_.insert(hashed, slot);
    Record& record = slab.records[slab.used];
    record = {a, b, 0, {}};
    put(slab, record, {traffic, row});
    ++slab.used;
    ++size_;
}

void PairStats::add(const Packet& packet, std::uint64_t row)
{
    add(packet.source, packet.destination, row,
        {{1, 0},
         {WideSum(std::max<std::int64_t>(packet.length, 0)), WideSum()},
         packet.timestamp,
         packet.timestamp});
}

void PairStats::addFlow(const FlowCounts& flow)
{
    const std::size_t opener = flow.openedByHigh ? 1 : 0;
    const AddressId low = flow.key.low.address, high = flow.key.high.address;
    Traffic traffic{{flow.packets[opener], flow.packets[1 - opener]},
                    {flow.bytes[opener], flow.bytes[1 - opener]},
                    flow.firstTimestamp,
                    flow.lastTimestamp};
    if (low == high) { // an address that talks to itself
        traffic.packets = {traffic.packets[0] + traffic.packets[1], 0};
        traffic.bytes[0] += std::exchange(traffic.bytes[1], {});
    }
    add(opener == 1 ? high : low, opener == 1 ? low : high, flow.firstRow, traffic);
}

void PairStats::index()
{
    table_ = {};
    for (std::size_t i = 0; i < slabs_.size(); ++i) {
        for (std::size_t j = 0; j < slabs_[i]->used; ++j) {
            const Record& record = slabs_[i]->records[j];
            table_.insert(hash(record.a, record.b), static_cast<Slot>(i * Slab::most + j));
        }
    }
    indexed_ = true;
}

void PairStats::putInOrder()
{
    const auto ordered = [this]<class Key>(Key) {
        std::vector<Ranked<Key>> ranked;
        ranked.reserve(size_);
        for (std::size_t i = 0; i < slabs_.size(); ++i) {
            for (std::size_t j = 0; j < slabs_[i]->used; ++j) {
                const std::size_t slot = i * Slab::most + j;
                ranked.push_back(
                    {static_cast<Key>(unpacked(slot).firstRow), static_cast<std::uint32_t>(slot)});
            }
        }
        sortRanked(ranked);
        order_.resize(size_);
        for (std::size_t i = 0; i < size_; ++i)
            order_[i] = ranked[i].what;
    };
    const bool wide = std::any_of(slabs_.begin(), slabs_.end(), [](const auto& slab) {
        return std::any_of(slab->wide.begin(), slab->wide.end(), [](const Wide& one) {
            return one.firstRow > std::numeric_limits<std::uint32_t>::max();
        });
    });
    if (wide)
        ordered(std::uint64_t{});
    else
        ordered(std::uint32_t{});
}

void PairStats::merge(std::vector<PairStats> shards)
{
    table_ = {};
    indexed_ = false;
    for (PairStats& shard : shards) {
        shard.table_ = {};
        size_ += std::exchange(shard.size_, 0);
        for (auto& slab : shard.slabs_)
            slabs_.push_back(std::move(slab));
        shard.slabs_.clear();
    }
    if (slabs_.size() > SlotTable::none / Slab::most)
        throw std::length_error("more than 2^32 - 1 pairs of addresses");
}

} // namespace packetloom
