// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/file.h"
#include "core/support/result.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace packetloom {

struct Analysis;

/// Which flow each kept row of an analysis belongs to. 4 bytes a row in a nameless temporary file beside the
/// spool, and about 18 bytes a flow in memory. Immutable; any number of threads may read.
class RowFlows
{
public:
    /// Of a row that belongs to no flow: not TCP, a port 0, an empty address (docs/flows.md, 3).
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    /// Of the rows from this one on: indexes into analysis.flows, or none. Errors: Read.
    Result<void> read(std::uint64_t firstRow, std::span<std::uint32_t> into) const;
    /// Sequence number of the first packet (by time, then by row) that an end of the flow sent; none if it
    /// sent none. `fromHigh`: the end FlowKey::high.
    [[nodiscard]] std::optional<std::int64_t> firstSequence(std::size_t flow, bool fromHigh) const
    {
        const std::size_t end = 2 * flow + (fromHigh ? 1 : 0);
        return sent_[end] != 0 ? std::optional(sequences_[end]) : std::nullopt;
    }

private:
    friend class RowFlowsBuilder;
    friend class ExactRowFlows;
    File file_;
    std::vector<std::int64_t> sequences_; ///< by flow and end
    std::vector<std::uint8_t> sent_;      ///< of the same: whether there is one
};

using RowFlowsPtr = std::shared_ptr<const RowFlows>;

/// The place of an analysis for its RowFlows: see rowFlowsOf().
class RowFlowsPlace
{
    friend Result<RowFlowsPtr> rowFlowsOf(const Analysis& analysis, StopFlag stop);
    friend RowFlowsPtr rowFlowsIfMade(const Analysis& analysis);
    std::mutex mutex_;
    RowFlowsPtr made_;
};

/// Made when they are first asked for, out of the spool, on all of the machine's processors; afterwards they
/// are there at once. Any thread; who asks while they are made waits. Never of a table of flows, which has no
/// rows. Errors: those of the spool and of writing a temporary file; Cancelled, after which they can be asked
/// for again; Internal.
Result<RowFlowsPtr> rowFlowsOf(const Analysis& analysis, StopFlag stop = nullptr);
/// Does not wait: null where nobody has asked for them, or they are being made.
RowFlowsPtr rowFlowsIfMade(const Analysis& analysis);

} // namespace packetloom
