// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/wide_sum.h"

#include <cstddef>
#include <cstdint>

namespace packetloom {

/// What each end of a flow sent. The source is the initiator, or the sender of the first packet where none is
/// known.
struct FlowDirections
{
    WideSum sentBytes;     ///< by the source; negative lengths included, where they come of packets
    WideSum receivedBytes; ///< by the destination
    /// The destination sent no packet at all, not even a reset. Of a table of flows: the source sent
    /// something, and the table has no packets and no bytes of the other end.
    bool unanswered = false;
};

/// Whether the analysis knows what each end sent. Of packets always; a table of flows in which no flow got
/// anything back tells one way only.
bool directionsKnown(const Analysis& analysis);

/// See FlowDirections.
FlowDirections directionsOf(const Analysis& analysis, std::size_t flow);

} // namespace packetloom
