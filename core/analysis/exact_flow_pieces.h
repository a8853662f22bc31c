// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/exact_flows.h"
#include "core/flow/exact/exact_flow.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace packetloom {

/// Flows of one shard, packed, in the order of their ends; what ExactFlows are made of.
class ExactFlowPieces
{
public:
    void add(const ExactFlow& flow);
    /// See growthOf(): for so many more.
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const;
    /// What exactFlowsFrom() takes for them.
    [[nodiscard]] std::uint64_t bytesToJoin() const { return made_.size() * std::uint64_t{sizeof(Made)}; }

private:
    friend ExactFlowsPtr exactFlowsFrom(std::span<ExactFlowPieces*> shards, const ExactRules& rules);
    struct Made
    {
        std::int64_t start;
        std::uint64_t firstRow;
        std::uint32_t piece, offset;
    };
    std::vector<std::vector<std::uint8_t>> pieces_;
    std::vector<Made> made_;
};

/// The flows of all shards in one order. Those have none then.
ExactFlowsPtr exactFlowsFrom(std::span<ExactFlowPieces*> shards, const ExactRules& rules);

} // namespace packetloom
