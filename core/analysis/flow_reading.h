// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packet_spool.h"
#include "core/analysis/time_ordered_rows.h"
#include "core/flow/exact/connection_key.h"
#include "core/model/flow_key.h"
#include "core/model/packet_extras.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace packetloom {

/// A packet of a flow, and what else its spool knows of it.
struct FlowRow
{
    std::uint64_t row = 0; ///< among the kept rows, from 0
    Packet packet;
    PacketExtras extras;
};
/// By time, and those of one time as they are in the capture.
inline bool inTime(const FlowRow& a, const FlowRow& b)
{
    return a.packet.timestamp != b.packet.timestamp ? a.packet.timestamp < b.packet.timestamp : a.row < b.row;
}

/// Where in a spool the packets of a flow are: those with this key and protocol, from the first to the last
/// row.
struct FlowSpan
{
    FlowKey key;
    std::int64_t protocol = protocolTcp;
    /// Where the exact engine tells of the flow: its own key, instead of the two above, and its first and
    /// last packet in the order of time, between which all packets with this key are its own.
    struct Exact
    {
        ConnectionKey key;
        RowTime first, last;
    };
    std::optional<Exact> exact = std::nullopt;
    PacketSpool::Range range;  ///< no packet of the flow has another time
    std::uint64_t packets = 0; ///< how many there are, as far as that is known: for progress alone
};

/// Of a flow of the exact engine.
FlowSpan spanOf(const ExactFlow& flow);

/// So many packets are held in memory until it is known that none comes before them (about 40 MB).
inline constexpr std::size_t flowRowsHeld = std::size_t{1} << 18;

/// Visits the packets of a flow in the order of inTime(), some at a time; `visit` ends that by returning
/// false. `goesOn` may be null; it is told now and then which part of 1 is done, and false ends all with
/// Cancelled. Blocks of the spool are read in the order of their first times, so a capture that is about in
/// order (or of files that are each) holds a few blocks; what is more than `mostHeld` packets goes through
/// sorted runs in a nameless file. Errors: Read; those of a temporary file; Cancelled.
Result<void> readInTime(const PacketSpool& spool, const FlowSpan& place,
                        const std::function<bool(std::span<const FlowRow>)>& visit,
                        const std::function<bool(double)>& goesOn = nullptr,
                        std::size_t mostHeld = flowRowsHeld);

} // namespace packetloom
