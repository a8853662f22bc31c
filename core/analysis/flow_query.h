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
    Phases,      ///< which of them there were
    FirstFigure, ///< from here on those of FlowFigure, in their order; of the exact engine's flows alone
};
inline constexpr int flowColumnCount =
    static_cast<int>(FlowColumn::FirstFigure) + static_cast<int>(flowFigureCount);
/// The figure that a column shows, if it shows one.
constexpr std::optional<FlowFigure> figureOf(FlowColumn column)
{
    if (column < FlowColumn::FirstFigure)
        return std::nullopt;
    return static_cast<FlowFigure>(static_cast<int>(column) - static_cast<int>(FlowColumn::FirstFigure));
}
constexpr FlowColumn columnOf(FlowFigure figure)
{
    return static_cast<FlowColumn>(static_cast<int>(FlowColumn::FirstFigure) + static_cast<int>(figure));
}

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
/// thread. Nothing when stopped. Errors: with such a filter those of selectPackets(); with
/// one that asks for a figure of the exact engine (figureAsked()), where that does not tell of the flows,
/// NotExact.
Result<std::vector<std::uint32_t>> selectFlows(const Analysis& analysis, const FlowQuery& query,
                                               StopFlag stop = nullptr);

} // namespace packetloom
