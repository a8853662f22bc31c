// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_test.h"
#include "core/filter/filter_expression.h"
#include "core/filter/number_ranges.h"
#include "core/flow/exact/exact_flow.h"
#include "core/model/address_table.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace packetloom {

/// The first field that the exact engine's flows do not have, in the order of the text: what the other engine
/// says of a flow (close, reason, timeout, number), and what packets alone have. Nothing for a filter
/// that they can be asked.
std::optional<FilterField> unknownOfExactFlows(const FilterExpression& expression);

/// A filter with the flows of the exact engine. The source of a flow is its originator; packets are those of
/// both sides, bytes those of all frames. End and duration are the flow's own (ExactFlow::end), its times
/// reach to its very last packet.
class ExactFlowFilter
{
public:
    /// For an expression without unknownOfExactFlows(). Takes time that follows the number of addresses.
    ExactFlowFilter(const AddressTable& addresses, const FilterExpression& expression);

    /// Looks at the addresses that came to the table since.
    void learn(const AddressTable& addresses) { learn(root_, addresses); }
    [[nodiscard]] bool matches(const ExactFlow& flow) const { return matches(root_, flow); }

private:
    struct Node
    {
        FilterExpression::Kind kind;
        FilterField field;
        AddressVerdicts addresses; ///< where they are asked for (asksOfAddresses)
        bool asksOfAddresses = false;
        NumberRanges numbers;
        std::vector<TextTest> texts; ///< any of them
        std::vector<Node> parts;
    };

    static Node bind(const AddressTable& addresses, const FilterExpression& expression);
    static void learn(Node& node, const AddressTable& addresses);
    static bool matches(const Node& node, const ExactFlow& flow);
    static bool matchesField(const Node& node, const ExactFlow& flow);
    static bool says(const Node& node, const ExactFlow& flow);

    Node root_;
};

} // namespace packetloom
