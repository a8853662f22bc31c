// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/flow/exact/exact_rules.h"
#include "core/flow/exact/packed_exact_flow.h"
#include "core/support/result.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {

struct Analysis;
class ExactFlowPieces; // core/analysis/exact_flow_pieces.h
class ExactFlows;
using ExactFlowsPtr = std::shared_ptr<const ExactFlows>;

/// The flows of an analysis as the exact engine sees them: of all protocols, in the order of their first
/// packets (by time, then by row). About 120 bytes a flow. Immutable once made; any number of threads may
/// read.
class ExactFlows
{
public:
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    /// Flow i, put together. Its history is valid as long as this.
    [[nodiscard]] ExactFlow flow(std::size_t i) const { return unpackExactFlow(bytesOf(i)); }
    /// Quicker, where no more is wanted.
    [[nodiscard]] ExactFlowHead head(std::size_t i) const { return unpackExactFlowHead(bytesOf(i)); }
    [[nodiscard]] std::int64_t start(std::size_t i) const { return places_[i].start; }
    [[nodiscard]] std::uint64_t firstRow(std::size_t i) const { return places_[i].firstRow; }
    /// What it holds, in bytes of memory.
    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] const ExactRules& rules() const { return rules_; }

private:
    friend ExactFlowsPtr exactFlowsFrom(std::span<ExactFlowPieces*> shards, const ExactRules& rules);
    struct Place
    {
        std::int64_t start;
        std::uint64_t firstRow;
        std::uint32_t piece, offset;
    };
    [[nodiscard]] const std::uint8_t* bytesOf(std::size_t i) const
    {
        return pieces_[places_[i].piece].data() + places_[i].offset;
    }

    ExactRules rules_;
    std::vector<std::vector<std::uint8_t>> pieces_; ///< flows, packed
    std::vector<Place> places_;                     ///< in order
};

/// The place of an analysis for its exact flows, by the rules that were asked for last.
class ExactFlowsPlace
{
public:
    /// Of an analysis that nobody looks at yet, whose run found them.
    void set(ExactFlowsPtr made) { made_ = std::move(made); }

private:
    friend Result<ExactFlowsPtr> exactFlowsOf(const Analysis&, const ExactRules&, unsigned, StopFlag);
    std::mutex mutex_;
    ExactFlowsPtr made_;
};

/// Those that the run found, where it did by these rules (analyze()); else made when they are first asked
/// for, out of the spool, which there is with Depth::Flows, whose packets are taken in the order of time
/// (then of rows) whatever their order in the capture: so they are the same for any number of threads and
/// however the capture is cut into files. Any thread; who asks while they are made waits. `threads` as in
/// Options. Never of a table of flows, which has no packets. Errors: Read, those of a temporary file;
/// Cancelled; Internal.
Result<ExactFlowsPtr> exactFlowsOf(const Analysis& analysis, const ExactRules& rules = {},
                                   unsigned threads = 0, StopFlag stop = nullptr);

} // namespace packetloom
