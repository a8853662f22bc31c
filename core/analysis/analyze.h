// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/run/options.h"
#include "core/run/progress.h"
#include "core/support/stop_event.h"
#include "core/support/stop_flag.h"

#include <filesystem>
#include <memory>

namespace packetloom {

/// How much of a capture is kept for looking at.
enum class Depth : std::uint8_t {
    Counts,     ///< what a report shows
    ExactFlows, ///< also the exact engine's flows (exactFlowsOf()), for Options::exact, and nothing to look
                ///< at
    Flows,      ///< also every flow, timelines, the first rows, and a spool of all packets
};

/// How an analysis is ended from outside.
struct Ending
{
    const StopEvent* stop = nullptr; ///< nobody waits for it any more, or it is to hear of `enough`
    /// Set before `stop` is requested: what has been read is shown as if the inputs ended there, and is
    /// CaptureAnalysis::partial. Not before there are rows.
    StopFlag enough = nullptr;
};

/// Everything that convert() would count, without writing anything (but a nameless temporary file where
/// timestamps do not fit in memory, and for the spool). Errors, and a stop, as for convert().
Result<std::shared_ptr<const CaptureAnalysis>> analyze(const Options& options, const Heartbeat& heartbeat,
                                                       Depth depth = Depth::Counts,
                                                       const Ending& ending = {});

struct Plan;
class ProgressMeter;

/// The analysis, with Depth::Flows, of all rows that the filter of a plan keeps, whatever it says of flows.
/// Temporary files are made in `folder`.
Result<std::shared_ptr<const CaptureAnalysis>>
analyzeRows(const Options& options, Plan& plan, ProgressMeter& meter, const std::filesystem::path& folder);

} // namespace packetloom
