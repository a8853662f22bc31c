// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_expression.h"
#include "core/support/result.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace packetloom {

/// What of an analysis is looked at. All conditions must hold; without any it is everything.
///  - of flows: the filter in a flow's sense (the source is the initiator), and flows that overlap the
///  interval
///  - of packets: the filter in a packet's sense (the source is the sender), and packets within the interval;
///    what is asked of flows there is asked of the packet's flow, and not true of a packet without one
struct Narrowing
{
    std::optional<FilterExpression> filter = std::nullopt;
    /// First and last microsecond, both inclusive.
    std::optional<std::pair<std::int64_t, std::int64_t>> interval = std::nullopt;

    [[nodiscard]] bool everything() const { return !filter && !interval; }
};

struct Analysis;

/// NotExact, where the filter asks for a figure of the exact engine and that does not tell of the flows.
std::optional<Error> notExact(const Analysis& analysis, const std::optional<FilterExpression>& filter);

} // namespace packetloom
