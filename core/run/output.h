// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow.h"
#include "core/model/flow_life.h"
#include "core/run/kept_rows.h"
#include "core/run/run_result.h"
#include "core/support/result.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace packetloom {

/// Some flows that follow each other in order of completion, on their way to where they are written. Parts
/// are worked on side by side.
class OutputPart
{
public:
    OutputPart() = default;
    OutputPart(const OutputPart&) = delete;
    OutputPart& operator=(const OutputPart&) = delete;
    virtual ~OutputPart() = default;

    /// The next flow. On one of the pool's threads.
    virtual void flow(const CompletedFlow& flow, const FlowLife& life) = 0;
    /// After the last one, on the same thread. An error ends the run.
    virtual std::optional<Error> finish() { return std::nullopt; }
    /// On the thread that owns the run, part by part in order.
    virtual void commit() = 0;
};

/// What a run is written to. All calls come from the thread that owns the run.
class Output
{
public:
    Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    virtual ~Output() = default;

    /// Every kept packet, in file order, before the flows that it ends.
    virtual void packets(const KeptRows& rows) = 0;
    /// For the flows from this number on (from 0, in order of completion).
    virtual std::unique_ptr<OutputPart> part(std::uint64_t firstFlow) = 0;
    /// Whether a part that begins with this flow can be worked on before those before it are committed.
    [[nodiscard]] virtual bool standsAlone(std::uint64_t firstFlow) const = 0;
    /// Asked now and then: an error ends the run.
    virtual std::optional<Error> failure() = 0;
    /// What finish() takes for itself, in bytes of memory.
    [[nodiscard]] virtual std::uint64_t bytesToFinish(const RunFigures&) const { return 0; }
    /// After the last packet and part: all that is left.
    virtual Result<void> finish(const RunFigures& figures) = 0;

    /// What was written, after finish().
    struct Size
    {
        std::uint64_t chunks = 0, files = 0, bytes = 0;
    };
    [[nodiscard]] virtual Size size() const = 0;
};

} // namespace packetloom
