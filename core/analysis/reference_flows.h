// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/result.h"
#include "core/support/stop_flag.h"

#include <memory>

namespace packetloom {

/// The flows that the reference tells of the packets of an analysis: its own table where that is the
/// reference's; where the exact engine tells of them, made again out of the spool, with the read chunks and
/// the timeout of its options. Never of a table of flows. Errors: Read, Cancelled, Internal.
Result<std::shared_ptr<const FlowTable>> referenceFlowsOf(const std::shared_ptr<const Analysis>& analysis,
                                                          StopFlag stop = nullptr);

} // namespace packetloom
