// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/exact_flows.h"
#include "core/flow/exact/connection_key.h"
#include "core/support/slot_table.h"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace packetloom {

/// Which packets are those of the exact engine's flows: a flow's packets have its key, and lie between its
/// first and its last one in the order of time, then of rows. About 100 bytes a flow. Immutable; any number
/// of threads may ask.
class FlowMembers
{
public:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    /// Of the flows for which `wanted` holds a value other than 0, by their indexes; of all without it.
    explicit FlowMembers(const ExactFlows& flows, const std::vector<std::uint8_t>* wanted = nullptr);

    /// The flow's index in the exact flows, or none. `row` is the packet's number among the kept rows.
    [[nodiscard]] std::uint32_t flowOf(const Packet& packet, const PacketExtras& extras,
                                       std::uint64_t row) const;
    /// The same of packets that follow each other: quicker, for what they need is fetched side by side.
    void flowsOf(std::span<const Packet> packets, std::span<const PacketExtras> extras,
                 std::uint64_t firstRow, std::span<std::uint32_t> into) const;

private:
    using Slot = SlotTable::Slot;
    struct Span
    {
        std::int64_t firstTime, lastTime;
        std::uint64_t firstRow, lastRow;
        std::uint32_t flow;
    };
    /// Where the flows with a key are, in the order of time.
    struct Range
    {
        std::uint32_t begin = 0, count = 0;
    };
    struct Key
    {
        ConnectionKey key;
        Range range;
    };
    [[nodiscard]] Slot find(const ConnectionKey& key, std::uint64_t hash) const
    {
        return table_.find(hash, [&](Slot slot) { return keys_[slot].key == key; });
    }
    [[nodiscard]] std::uint32_t flowAt(const Range& range, std::int64_t time, std::uint64_t row) const;

    std::vector<Span> spans_;
    std::vector<Key> keys_;
    ConnectionKeyHash hash_;
    SlotTable table_;
};

} // namespace packetloom
