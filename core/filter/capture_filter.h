// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_parser.h"
#include "core/filter/time_window.h"

#include <optional>
#include <string_view>
#include <variant>

namespace packetloom {

/// What a filter decides of what is read of captures (docs/filters.md, 9): the parts that a top-level "and"
/// joins each select rows, or flows if they ask for what only flows have.
struct CaptureFilter
{
    std::optional<FilterExpression> rows;  ///< of packets
    std::optional<FilterExpression> flows; ///< of flows: canAskFlows()

    [[nodiscard]] bool empty() const { return !rows && !flows; }
};

/// Nothing in it for a text of blanks. A part that asks at once for what only packets and what only flows
/// have is the problem MixedPart.
std::variant<CaptureFilter, FilterProblem> parseCaptureFilter(std::string_view text);

/// The times, in microseconds, outside of which the expression matches no packet, by what its top-level "and"
/// says; wide enough for what a table's times have beyond whole microseconds.
TimeWindow timesOf(const FilterExpression& rows);

} // namespace packetloom
