// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/exact_flow_pieces.h"

#include "core/flow/exact/packed_exact_flow.h"
#include "core/support/growth.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t pieceBytes = std::size_t{1} << 20, mostFlowBytes = 1024;

} // namespace

void ExactFlowPieces::add(const ExactFlow& flow)
{
    if (pieces_.empty() || pieces_.back().size() + mostFlowBytes > pieceBytes) {
        pieces_.emplace_back();
        pieces_.back().reserve(pieceBytes);
    }
    made_.push_back({flow.start, flow.firstRow, static_cast<std::uint32_t>(pieces_.size() - 1),
                     static_cast<std::uint32_t>(pieces_.back().size())});
    packExactFlow(flow, pieces_.back());
}

std::uint64_t ExactFlowPieces::growth(std::size_t flows) const
{
    return growthOf(made_, flows) + pieceBytes;
}

ExactFlowsPtr exactFlowsFrom(std::span<ExactFlowPieces*> shards, const ExactRules& rules)
{
    const auto flows = std::make_shared<ExactFlows>();
    flows->rules_ = rules;
    std::size_t size = 0;
    for (const ExactFlowPieces* shard : shards)
        size += shard->made_.size();
    flows->places_.reserve(size);
    for (ExactFlowPieces* shard : shards) {
        const auto before = static_cast<std::uint32_t>(flows->pieces_.size());
        for (const auto& [start, firstRow, piece, offset] : shard->made_)
            flows->places_.push_back({start, firstRow, before + piece, offset});
        std::move(shard->pieces_.begin(), shard->pieces_.end(), std::back_inserter(flows->pieces_));
        *shard = {};
    }
    std::sort(flows->places_.begin(), flows->places_.end(), [](const auto& a, const auto& b) {
        return std::pair(a.start, a.firstRow) < std::pair(b.start, b.firstRow);
    });
    return flows;
}

} // namespace packetloom
