// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/filter/address_test.h"
#include "core/filter/filter_expression.h"
#include "core/filter/number_ranges.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace packetloom {

/// A filter with the flows of an analysis: what it asks of addresses was looked up once for each address.
class FlowFilter
{
public:
    /// The analysis must outlive it. Takes time that follows the number of addresses. What flows cannot be
    /// asked (canAskFlows()) matches none.
    FlowFilter(const Analysis& analysis, const FilterExpression& expression, StopFlag stop = nullptr);

    /// Which of the flows from `first` on it matches: 1, else 0.
    void match(std::size_t first, std::span<std::uint8_t> hits) const { match(root_, first, hits); }

private:
    struct Node
    {
        FilterExpression::Kind kind;
        FilterField field;
        AddressVerdicts addresses; ///< where they are asked for
        NumberRanges numbers;
        std::vector<TextTest> texts; ///< any of them
        std::vector<Node> parts;
    };

    Node bind(const FilterExpression& expression, StopFlag stop) const;
    void match(const Node& node, std::size_t first, std::span<std::uint8_t> hits) const;
    void matchAll(const Node& node, std::size_t first, std::span<std::uint8_t> hits) const;
    void matchAny(const Node& node, std::size_t first, std::span<std::uint8_t> hits) const;
    void matchField(const Node& node, std::size_t first, std::span<std::uint8_t> hits) const;
    [[nodiscard]] bool says(const Node& node, std::size_t flow) const;
    void matchFigure(const Node& node, FlowFigure figure, std::size_t first,
                     std::span<std::uint8_t> hits) const;
    [[nodiscard]] bool isOfProtocol(const Node& node, std::size_t flow) const;
    [[nodiscard]] std::string_view wordOf(FilterField field, std::size_t flow) const;

    const Analysis& analysis_;
    Node root_;
};

} // namespace packetloom
