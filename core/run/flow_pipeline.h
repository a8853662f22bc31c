// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/kept_rows.h"
#include "core/stats/flow_tally.h"
#include "core/support/result.h"

#include <cstdint>
#include <optional>

namespace packetloom {

/// Rows to flows on all threads of a pool, by one engine or another. What comes out is the same for any
/// number of threads. All calls come from the thread that owns the pool.
class FlowPipeline
{
public:
    FlowPipeline() = default;
    FlowPipeline(const FlowPipeline&) = delete;
    FlowPipeline& operator=(const FlowPipeline&) = delete;
    virtual ~FlowPipeline() = default;

    /// The next rows, all of one read chunk. False when the run is to end: see failure().
    virtual bool add(const KeptRows& rows) = 0;
    /// Between two read chunks. `newest`: as RowPiece has it.
    virtual bool endReadChunk(std::optional<std::int64_t> newest) = 0;
    /// After the last row: what is still open.
    virtual bool finish() = 0;
    /// The run has ended: nobody wants what is under way.
    virtual void stop() = 0;

    [[nodiscard]] virtual std::optional<Error> failure() const = 0;
    /// Of the flows that collectors had, where the pipeline judges them; while no thread works.
    [[nodiscard]] virtual FlowTally tally() const { return {}; }
    [[nodiscard]] virtual std::uint64_t openedFlows() const = 0;
    [[nodiscard]] virtual std::uint64_t openFlows() const = 0;
    /// What all tables take at once when they grow next; see growthOf().
    [[nodiscard]] virtual std::uint64_t growth() const = 0;
};

} // namespace packetloom
