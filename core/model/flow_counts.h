// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow.h"
#include "core/support/wide_sum.h"

#include <array>
#include <cstdint>

namespace packetloom {

/// What a flow adds to the statistics of its two addresses: once a flow is cheaper than once a packet, and
/// every TCP packet belongs to one flow (those that belong to none are counted by themselves).
struct FlowCounts
{
    FlowKey key;
    std::uint64_t firstRow = 0;
    bool openedByHigh = false;
    std::array<std::uint64_t, 2> packets{}; ///< by FlowPacket::fromHigh
    std::array<WideSum, 2> bytes;           ///< lengths below 0 count as 0
    std::int64_t firstTimestamp = 0, lastTimestamp = 0;

    static FlowCounts of(const CompletedFlow& flow);
};

} // namespace packetloom
