// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <memory>

namespace packetloom {

/// The packets of an analysis between two timestamps (microseconds, both inclusive). Of the totals only those
/// of packets are counted; its addresses have other numbers. `whole` must have a spool (Depth::Flows, or an
/// opened dataset), or be a table of flows: then those that begin within are counted. Errors: Read,
/// Cancelled, Internal.
Result<std::shared_ptr<const CountedPackets>> analyzeInterval(const Analysis& whole, std::int64_t first,
                                                              std::int64_t last, StopFlag stop = nullptr);

} // namespace packetloom
