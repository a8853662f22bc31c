// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/analyze.h"
#include "core/support/stop_flag.h"

namespace packetloom {

/// Adds a flow of the exact engine: how it closed, in the reference's words (docs/flow-tables.md, 13).
void tallyExactFlow(FlowTally& tally, std::int64_t protocol, ConnState state, EndReason ending);

/// Has the exact engine tell of the flows of an analysis of captures instead of the reference: its table of
/// flows, their facts, and what is counted by flows (tally; with Depth::Flows also the timeline of outcomes).
/// With Depth::ExactFlows no more than CaptureAnalysis::exact is made. Its spool must be finished, and nobody
/// else may look at it. Errors: those of exactFlowsOf() and rowFlowsOf().
Result<void> tellExactFlows(CaptureAnalysis& analysis, const ExactRules& rules, StopFlag stop = nullptr,
                            Depth depth = Depth::Flows);

} // namespace packetloom
