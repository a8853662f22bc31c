// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_members.h"
#include "core/filter/filter_expression.h"
#include "core/model/flow_key.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <optional>
#include <tsl/robin_map.h>
#include <vector>

namespace packetloom {

/// Some flows of captures, and which packets are theirs. Immutable; any number of threads may ask.
class FlowSelection
{
public:
    /// The flows of an analysis with Depth::Flows that an expression matches, which must be one that flows
    /// can be asked (canAskFlows()). When stopped it is of no use.
    FlowSelection(const CaptureAnalysis& analysis, const FilterExpression& flows, StopFlag stop = nullptr);

    [[nodiscard]] std::uint64_t flows() const { return flows_; }
    /// Whether it is the packet of one of the flows; `row` is its number among the kept rows.
    [[nodiscard]] bool has(const Packet& packet, const PacketExtras& extras, std::uint64_t row) const;

private:
    /// The rows of a flow: every packet between them that has its key is its own.
    struct Span
    {
        std::uint64_t first, last;
        std::uint32_t next; ///< another flow with this key
    };
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    std::uint64_t flows_ = 0;
    std::optional<FlowMembers> exact_; ///< where the exact engine tells of the flows; then not the rest
    std::vector<Span> spans_;
    tsl::robin_map<FlowKey, std::uint32_t, FlowKeyHash> byKey_; ///< the last flow with it
};

} // namespace packetloom
