// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <memory>

namespace packetloom {

/// The packets of an analysis between two timestamps (microseconds, both inclusive), counted by address, pair
/// and flag type, for the tables that an interval narrows: addresses, addressStats, flags, pairs, firstRows
/// and the totals of packets. Everything else of the result is empty; its addresses have other numbers.
/// `whole` must have a spool (Depth::Flows, or an opened dataset). Errors: Read, Cancelled, Internal.
Result<std::shared_ptr<const Analysis>> analyzeInterval(const Analysis& whole, std::int64_t first,
                                                        std::int64_t last, StopFlag stop = nullptr);

} // namespace packetloom
