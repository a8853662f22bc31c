// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/exact_flows.h"
#include "core/filter/filter_expression.h"
#include "core/flow/exact/exact_rules.h"
#include "core/output/flow_export_question.h"
#include "core/output/flow_lines.h"
#include "core/run/options.h"
#include "core/run/progress.h"
#include "core/support/stop_event.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace packetloom {

/// Takes the next piece of an output. An error ends the export.
using TakeText = std::function<Result<void>(std::string_view)>;

/// What is written of the exact engine's flows, and where to.
struct FlowExport
{
    const FlowLinesFormat& format;
    ExactRules rules{};
    /// Only flows that match; one without unknownOfExactFlows().
    std::optional<FilterExpression> filter{};
    std::filesystem::path file{}; ///< where it goes, unless `take` takes it
    bool replace = false;         ///< the file, if there is one
    TakeText take{};
};

/// Into the file that is asked for, in place of the one that is there if the options say so.
FlowExport flowExportOf(const FlowExportQuestion& question, const Options& options);

/// What became of it.
struct FlowExportSummary
{
    RunTotals totals;
    std::uint64_t flows = 0;                            ///< all
    std::uint64_t written = 0;                          ///< those that match
    std::array<std::uint64_t, connStateCount> states{}; ///< of those that were written
    std::uint64_t bytes = 0;                            ///< of the text
    std::filesystem::path file;                         ///< absolute; none when it was taken
};

/// Writes the flows of an analysis that its exact engine found, in their order. `meter` is asked now and
/// then. Errors: those of `take`, Cancelled.
Result<FlowExportSummary> writeFlows(const Analysis& analysis, const ExactFlows& flows,
                                     const FlowExport& wanted, const TakeText& take, ProgressMeter& meter);

/// Analyzes the inputs, has the exact engine find their flows, and writes them. What the options' filter says
/// of flows is asked of that engine's. A file appears complete or not at all (OutputFile). Errors, and a
/// stop, as for convert(); those of OutputFile instead of a folder's.
Result<FlowExportSummary> exportFlows(const Options& options, const FlowExport& wanted,
                                      const Heartbeat& heartbeat, const StopEvent* stop = nullptr);

/// Whether the packets of an analysis are those that exportFlows() would read: it is complete, made of the
/// same capture (sameCapture()), and no flow of the other engine chose its packets.
bool holdsPacketsOf(const CaptureAnalysis& analysis, const Options& options);
/// What exportFlows() would write, from an analysis that holdsPacketsOf(): the inputs are not read again.
Result<FlowExportSummary> exportFlows(const CaptureAnalysis& analysis, const Options& options,
                                      const FlowExport& wanted, const Heartbeat& heartbeat,
                                      const StopEvent* stop = nullptr);

} // namespace packetloom
