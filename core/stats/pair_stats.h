// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_counts.h"
#include "core/support/growth.h"
#include "core/support/slot_table.h"
#include "core/support/wide_sum.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// TCP traffic between two addresses. `a` sent the first packet that was counted.
struct AddressPair
{
    AddressId a{}, b{};
    std::uint64_t firstRow = 0; ///< of that packet
    std::uint64_t packetsFromA = 0, packetsFromB = 0;
    WideSum bytesFromA, bytesFromB; ///< lengths below 0 count as 0
    std::int64_t firstTimestamp = 0, lastTimestamp = 0;
};

/// Collects AddressPairs.
class PairStats
{
public:
    /// A TCP packet. `row` is its number among all packets.
    void add(const Packet& packet, std::uint64_t row);
    /// All packets of a flow, instead of add() for each of them.
    void addFlow(const FlowCounts& flow);
    /// Asks the processor to fetch what addFlow() will need.
    void prefetch(const FlowKey& key) const { table_.prefetch(hash(key.low.address, key.high.address)); }
    /// After the last add() or addFlow(): makes pairs() what it says. More may follow.
    void putInOrder();
    /// Takes over the pairs of shards, in which no pair is twice, each of them put in order.
    void merge(std::vector<PairStats> shards);
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return growthOf(pairs_, more) + table_.growth(more);
    }
    /// In order of first appearance.
    [[nodiscard]] const std::vector<AddressPair>& pairs() const { return pairs_; }

private:
    [[nodiscard]] std::uint64_t hash(AddressId a, AddressId b) const
    {
        return hash_.pair(std::min(a, b), std::max(a, b));
    }
    /// The pair of these ends, of which `a` sent the packet of that row.
    AddressPair& find(AddressId a, AddressId b, std::uint64_t row, std::int64_t first, std::int64_t last);
    void index();

    FlowKeyHash hash_;
    std::vector<AddressPair> pairs_;
    SlotTable table_;     ///< indexes into pairs_
    bool indexed_ = true; ///< whether table_ says the truth
};

} // namespace packetloom
