// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/filter/filter_expression.h"
#include "core/support/stop_flag.h"

#include <bitset>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace packetloom {

enum class FlowColumn : std::uint8_t {
    Number, ///< order of opening
    Source,
    SourcePort,
    Destination,
    DestinationPort,
    State,
    CloseType,
    InvalidReason,
    Start,
    End,
    Duration,
    Packets,
    Bytes,
    Protocol,
    Service,
};
inline constexpr int flowColumnCount = 15;

using FlowOutcomes = std::bitset<flowOutcomeCount>; ///< by FlowOutcome

/// Which flows to show, and in what order. All conditions must hold.
struct FlowQuery
{
    std::optional<FilterExpression> filter = std::nullopt;
    std::optional<AddressId> address = std::nullopt;                    ///< one of the ends
    std::optional<std::pair<AddressId, AddressId>> pair = std::nullopt; ///< both ends, either way round
    /// Flows that overlap it: first and last microsecond, both inclusive.
    std::optional<std::pair<std::int64_t, std::int64_t>> interval = std::nullopt;
    FlowOutcomes outcomes = {};                      ///< any of these; none set: all
    std::optional<FlowColumn> sortBy = std::nullopt; ///< none: in order of completion, as in the dataset
    bool descending = false;
};

/// Indexes into analysis.flows; flows that are equal in the sorted column stay in order of completion. Takes
/// time that follows the number of flows and addresses; any thread.
std::vector<std::uint32_t> selectFlows(const Analysis& analysis, const FlowQuery& query,
                                       StopFlag stop = nullptr);

} // namespace packetloom
