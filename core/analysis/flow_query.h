// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/narrowing.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <vector>

namespace packetloom {

enum class FlowColumn : std::uint8_t {
    Number, ///< order of opening
    Source,
    SourcePort,
    Destination,
    DestinationPort,
    State,
    CloseType, ///< by outcome: also why, of the invalid ones
    InvalidReason,
    Start,
    End,
    Duration,
    Packets,
    Bytes,
    Protocol,
    Service,
    Phases, ///< which of them there were
};
inline constexpr int flowColumnCount = 16;

/// One of the things that flows are sorted by.
struct FlowSort
{
    FlowColumn column{};
    bool descending = false;
    friend bool operator==(const FlowSort&, const FlowSort&) = default;
};

/// Which flows to show, and in what order.
struct FlowQuery
{
    Narrowing narrowing{};
    /// By the first; those that are equal in it by the second, and so on. None: in order of completion, as in
    /// the dataset.
    std::vector<FlowSort> sort{};
};

/// Indexes into analysis.flows; flows that are equal in all sorted columns stay in order of completion. A
/// filter that asks for what only packets have leaves the flows with such a packet (within the interval).
/// Takes time that follows the number of flows and addresses, with such a filter also that of packets; any
/// thread. Nothing when stopped. Errors: with such a filter those of selectPackets().
Result<std::vector<std::uint32_t>> selectFlows(const Analysis& analysis, const FlowQuery& query,
                                               StopFlag stop = nullptr);

} // namespace packetloom
