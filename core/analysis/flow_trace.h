// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_story.h"
#include "core/flow/exact/exact_flow.h"
#include "core/flow/exact/exact_rules.h"
#include "core/flow/exact/segment.h"
#include "core/support/result.h"
#include "core/support/stop_flag.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace packetloom {

/// A packet of a traced flow.
struct TracedPacket
{
    std::uint64_t row = 0;   ///< among the kept rows, from 0
    std::uint64_t index = 0; ///< among the flow's packets, from 0 in the order of time
    Packet packet{};
    SegmentVerdict verdict{};
    std::optional<PacketRole> role{}; ///< by the reference's machine, where it said one
    /// As the viewers colour it: of its role; without a role that of the packet before it.
    FlowPhase phase{};
};

/// Packets that follow each other and were not kept one by one.
struct FoldedPackets
{
    std::size_t before = 0;                 ///< index into FlowTrace::packets: they lie before that one
    std::int64_t first = 0, last = 0;       ///< times
    std::array<std::uint64_t, 2> packets{}; ///< by ExactFlow::originator and responder
    std::array<std::uint64_t, 2> payload{}; ///< bytes
    std::uint64_t retransmissions = 0;      ///< of both
};

/// What one side did in a slice of time, for charts: least and most of each, where there was something.
struct TraceSlice
{
    struct Range
    {
        std::int64_t least = 0, most = -1; ///< most < least: nothing
        void add(std::int64_t value)
        {
            const bool first = most < least;
            least = first || value < least ? value : least;
            most = first || value > most ? value : most;
        }
        [[nodiscard]] bool empty() const { return most < least; }
    };
    std::int64_t time = 0;     ///< begin of the slice
    Range sequence;            ///< relative, from first byte to one behind the last of its segments
    Range acknowledged;        ///< relative, in the numbers of this side: what the other acknowledged
    Range windowEdge;          ///< the same plus the window that the other offered
    Range roundTrip;           ///< samples of this side's segments, microseconds
    Range window;              ///< that this side offered, bytes
    Range inFlight;            ///< bytes
    std::uint64_t payload = 0; ///< bytes sent
    std::uint64_t packets = 0;
    std::uint64_t retransmissions = 0, outOfOrder = 0;
};

/// One flow, packet by packet: what the detail of a flow shows. Of a flow with more than `mostPackets`
/// packets only those that mean something are kept one by one (the handshake, the first and the last ones,
/// marked ones as far as they fit), and the others are folded; the slices count all of them.
struct FlowTrace
{
    /// Of exactly these packets, which the reference takes for one flow: the exact engine may see several in
    /// them (StoryKind::AskedAnew). Its history is `history`.
    ExactFlow flow;
    std::string history;
    /// As the reference judges them; of a dataset as that says. The lists of packets by phase are empty:
    /// TracedPacket::role tells that.
    FlowLife life;
    std::optional<std::uint64_t> decidingRow;      ///< of the packet that made the reference call it invalid
    FlowStory story;                               ///< of all of it, whatever the interval
    std::vector<TracedPacket> packets;             ///< in the order of time, then of rows
    std::vector<FoldedPackets> folded;             ///< in order
    std::uint64_t packetCount = 0;                 ///< of the flow
    std::int64_t sliceWidth = 0;                   ///< microseconds
    std::array<std::vector<TraceSlice>, 2> slices; ///< by side, those in which something happened, in order
    std::int64_t from = 0, to = 0;                 ///< the part of time that packets and slices are of
};

/// What is wanted of a flow.
struct TraceQuery
{
    std::size_t flow = 0; ///< index into analysis.flows
    std::optional<std::pair<std::int64_t, std::int64_t>>
        interval;                     ///< of time, both inclusive; else all of it
    std::size_t mostPackets = 50'000; ///< no fewer than 16 are kept
    std::size_t slices = 2'000;       ///< about so many for the interval
    ExactRules rules;
};

/// Told now and then which part of 1 is read. False ends it with Cancelled.
using TraceProgress = std::function<bool(double)>;

/// Reads the flow out of the spool; all of its packets are looked at, even where an interval of it is wanted,
/// for what a segment is depends on those before it. Memory is bounded by the query, whatever the number and
/// order of packets. Of a dataset its chunk file says how the flow was judged (memory follows that, as in
/// readFlow()), and packets.csv has all of its packets. Any thread. Errors: as for readFlow(); Cancelled;
/// DatasetMismatch, where both files tell other packets; those of a temporary file.
Result<FlowTrace> traceFlow(const Analysis& analysis, const TraceQuery& query,
                            const TraceProgress& progress = nullptr);

} // namespace packetloom
