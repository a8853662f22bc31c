// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/narrowing.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <memory>

namespace packetloom {

/// What an analysis comes to where it is narrowed: counted of the packets that are left, and of the flows
/// that are left (totals.flows, tally). A packet may be left whose flow is not, and the other way round: see
/// Narrowing. Its addresses have numbers of their own.
struct NarrowedPackets final : CountedPackets
{
    FlowTally tally;
    std::uint64_t packetCount = 0; ///< of a table of flows those of the flows that are left
};

/// `whole` must have a spool (Depth::Flows, or an opened dataset), or be a table of flows, where all is
/// counted of the flows that are left. Of the totals only what is said of packets and flows is there. Errors:
/// Read, Cancelled, Internal.
Result<std::shared_ptr<const NarrowedPackets>>
narrowPackets(const Analysis& whole, const Narrowing& narrowing, StopFlag stop = nullptr);

} // namespace packetloom
