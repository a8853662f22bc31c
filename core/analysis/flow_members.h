// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/exact_flows.h"
#include "core/flow/exact/connection_key.h"

#include <cstdint>
#include <limits>
#include <tsl/robin_map.h>
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

private:
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
    std::vector<Span> spans_;
    tsl::robin_map<ConnectionKey, Range, ConnectionKeyHash> byKey_;
};

} // namespace packetloom
