// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/group_table.h"

#include "core/analysis/address_query.h"

#include <algorithm>

namespace packetloom {
namespace {

/// Sums of bytes are wider than the numbers that rows are sorted by.
using SumOf = WideSum Group::*;

std::vector<std::uint32_t> sortedBySum(const GroupTable& table, SumOf sum, bool descending, StopFlag stop)
{
    std::vector<KeyedRow> keyed;
    keyed.reserve(table.size());
    bool narrow = true;
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        narrow = narrow && (table[i].*sum).fits64();
        keyed.push_back({sortKey((table[i].*sum).clamped()), i});
    }
    auto rows = sortedRows(std::move(keyed), descending, stop);
    if (!narrow) // the clamped ones stand beside each other
        std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
            return descending ? table[b].*sum < table[a].*sum : table[a].*sum < table[b].*sum;
        });
    return rows;
}

template <class KeyOf>
std::vector<std::uint32_t> sortedBy(const GroupTable& table, bool descending, StopFlag stop, KeyOf keyOf)
{
    std::vector<KeyedRow> keyed;
    keyed.reserve(table.size());
    for (std::uint32_t i = 0; i < table.size(); ++i)
        keyed.push_back({keyOf(table[i]), i});
    return sortedRows(std::move(keyed), descending, stop);
}

std::vector<std::uint32_t> sortedAll(const GroupTable& table, const AddressTable& addresses,
                                     const GroupOrder& order, StopFlag stop)
{
    const auto by = [&](auto keyOf) { return sortedBy(table, order.descending, stop, keyOf); };
    switch (order.column) {
    case GroupColumn::First:
    case GroupColumn::Second: {
        const std::size_t level = order.column == GroupColumn::First ? 0 : 1;
        if (level >= table.levels())
            return by([](const Group&) { return std::uint64_t{0}; });
        const auto ranks = table.values(level).ranks(addresses, stop);
        if (ranks.empty())
            return {};
        return by([&](const Group& group) { return std::uint64_t{ranks[group.values[level]]}; });
    }
    case GroupColumn::Flows:
        return by([](const Group& group) { return std::uint64_t{group.flows}; });
    case GroupColumn::Packets:
        return by([](const Group& group) { return group.packets; });
    case GroupColumn::Bytes:
        return sortedBySum(table, &Group::bytes, order.descending, stop);
    case GroupColumn::SentBytes:
        return sortedBySum(table, &Group::sentBytes, order.descending, stop);
    case GroupColumn::ReceivedBytes:
        return sortedBySum(table, &Group::receivedBytes, order.descending, stop);
    case GroupColumn::Peers:
        return by([](const Group& group) { return std::uint64_t{group.peers}; });
    case GroupColumn::Ports:
        return by([](const Group& group) { return std::uint64_t{group.ports}; });
    case GroupColumn::Unanswered:
        return by([](const Group& group) { return std::uint64_t{group.unanswered}; });
    case GroupColumn::UnansweredShare: // two shares that differ do so by more than 2^-64
        return by([](const Group& group) {
            return group.flows == 0 ? 0 : (std::uint64_t{group.unanswered} << 32) / group.flows;
        });
    case GroupColumn::FirstSeen:
        return by([](const Group& group) { return sortKey(group.first); });
    case GroupColumn::LastSeen:
        return by([](const Group& group) { return sortKey(group.last); });
    }
    return {};
}

} // namespace

std::size_t sparkSlice(const std::pair<std::int64_t, std::int64_t>& span, std::int64_t time)
{
    if (time <= span.first)
        return 0;
    // Unsigned, and as fractions: the ends may lie further apart than a signed number reaches.
    const auto from = static_cast<std::uint64_t>(span.first);
    const double into = static_cast<double>(static_cast<std::uint64_t>(time) - from),
                 all = static_cast<double>(static_cast<std::uint64_t>(span.second) - from) + 1;
    return std::min(static_cast<std::size_t>(into * sparkSlices / all), sparkSlices - 1);
}

Sparkline GroupTable::sparkline(std::size_t group) const
{
    Sparkline bars{};
    for (auto i = sparkBegins_[group]; i < sparkBegins_[group + 1]; ++i)
        bars[sparkAt_[i]] = sparkCounts_[i];
    return bars;
}

std::vector<std::uint32_t> sortedGroups(const GroupTable& table, const AddressTable& addresses,
                                        const GroupOrder& order, std::size_t most, StopFlag stop)
{
    auto rows = sortedAll(table, addresses, order, stop);
    rows.resize(std::min(rows.size(), most));
    return rows;
}

} // namespace packetloom
