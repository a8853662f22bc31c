// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"
#include "core/analysis/trace_slices.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace packetloom::test {

/// A trace put together packet by packet, without an engine: what charts are given is what is written here.
class MadeTrace
{
public:
    static constexpr std::int64_t start = 1'700'000'000'000'000;
    static constexpr std::int64_t ack = TcpFlags::ack, syn = TcpFlags::syn, fin = TcpFlags::fin,
                                  rst = TcpFlags::rst;

    struct More
    {
        std::int64_t window = 65'535;
        SegmentMarks marks = 0;
        std::optional<std::int64_t> roundTrip{};
        std::int64_t inFlight = 0;
    };
    /// `at`: microseconds since the first packet.
    MadeTrace& add(std::int64_t at, bool fromOriginator, std::int64_t flags, std::int64_t sequence,
                   std::int64_t acknowledged, std::int64_t payload)
    {
        return add(at, fromOriginator, flags, sequence, acknowledged, payload, More());
    }
    MadeTrace& add(std::int64_t at, bool fromOriginator, std::int64_t flags, std::int64_t sequence,
                   std::int64_t acknowledged, std::int64_t payload, const More& more)
    {
        TracedPacket traced;
        traced.row = 1000 + trace_.packets.size();
        traced.index = trace_.packets.size();
        traced.packet.timestamp = start + at;
        traced.packet.flags.bits = flags;
        traced.packet.protocol = protocolTcp;
        traced.packet.hasProtocol = true;
        SegmentVerdict& verdict = traced.verdict;
        verdict.marks = more.marks;
        verdict.fromOriginator = fromOriginator;
        verdict.relativeSequence = sequence;
        verdict.relativeAcknowledgment = acknowledged;
        verdict.payload = payload;
        verdict.window = more.window;
        verdict.inFlight = more.inFlight;
        verdict.roundTrip = more.roundTrip;
        FlowSide& side = trace_.flow.sides[fromOriginator ? 0 : 1];
        ++side.packets;
        side.payload =
            side.payload.value_or(0) + static_cast<std::uint64_t>(std::max<std::int64_t>(payload, 0));
        side.retransmissions =
            side.retransmissions.value_or(0) + ((more.marks & Retransmission) != 0 ? 1 : 0);
        side.outOfOrder = side.outOfOrder.value_or(0) + ((more.marks & OutOfOrder) != 0 ? 1 : 0);
        side.zeroWindows = side.zeroWindows.value_or(0) + ((more.marks & ZeroWindow) != 0 ? 1 : 0);
        side.gaps = side.gaps.value_or(0) + ((more.marks & GapBefore) != 0 ? 1 : 0);
        if (more.roundTrip) {
            RoundTrips& trips = trace_.flow.roundTrips[fromOriginator ? 1 : 0];
            trips.least = trips.samples == 0 ? *more.roundTrip : std::min(trips.least, *more.roundTrip);
            trips.most = std::max(trips.most, *more.roundTrip);
            trips.median = trips.least; // whatever: it is drawn as it is told
            ++trips.samples;
        }
        trace_.packets.push_back(traced);
        return *this;
    }
    [[nodiscard]] FlowTrace& raw() { return trace_; }

    /// As many slices; of the packets `most` are kept, the last ones, and the others folded.
    [[nodiscard]] std::shared_ptr<const FlowTrace> made(std::size_t slices = 100,
                                                        std::size_t most = 1'000'000) const
    {
        auto trace = std::make_shared<FlowTrace>(trace_);
        trace->flow.protocol = protocolTcp;
        trace->flow.start = start;
        if (trace->packets.empty())
            return trace;
        trace->flow.end = trace->flow.lastPacket = trace->packets.back().packet.timestamp;
        trace->packetCount = trace->packets.size();
        trace->from = trace->packets.front().packet.timestamp;
        trace->to = trace->packets.back().packet.timestamp;
        TraceSlices sliced(trace->from, trace->to, slices);
        for (const TracedPacket& packet : trace->packets)
            sliced.add(packet.packet, packet.verdict);
        trace->sliceWidth = sliced.width();
        trace->slices = std::move(sliced).take();
        if (trace->packets.size() > most) {
            const auto first = trace->packets.end() - static_cast<std::ptrdiff_t>(most);
            FoldedPackets folded;
            folded.first = trace->packets.front().packet.timestamp;
            folded.last = (first - 1)->packet.timestamp;
            folded.packets[0] = static_cast<std::uint64_t>(first - trace->packets.begin());
            trace->packets.erase(trace->packets.begin(), first);
            trace->folded = {folded};
        }
        return trace;
    }

private:
    FlowTrace trace_;
};

/// A handshake, four segments of 1,000 of which the second is sent again, and the end of it.
inline MadeTrace lossyTrace()
{
    MadeTrace made;
    made.add(0, true, MadeTrace::syn, 0, 0, 0, {.inFlight = 1})
        .add(20'000, false, MadeTrace::syn | MadeTrace::ack, 0, 1, 0, {.roundTrip = 20'000, .inFlight = 1})
        .add(20'500, true, MadeTrace::ack, 1, 1, 0, {.roundTrip = 500})
        .add(30'000, true, MadeTrace::ack, 1, 1, 1000, {.inFlight = 1000})
        .add(31'000, true, MadeTrace::ack, 2001, 1, 1000, {.marks = GapBefore, .inFlight = 3000})
        .add(50'000, false, MadeTrace::ack, 1, 1001, 0, {.window = 3000, .roundTrip = 20'000})
        .add(51'000, false, MadeTrace::ack, 1, 1001, 0, {.window = 0, .marks = DuplicateAck | ZeroWindow})
        .add(90'000, true, MadeTrace::ack, 1001, 1, 1000, {.marks = Retransmission, .inFlight = 2000})
        .add(110'000, false, MadeTrace::ack, 1, 3001, 0, {.window = 4000})
        .add(120'000, true, MadeTrace::ack | MadeTrace::fin, 3001, 1, 0, {.inFlight = 1})
        .add(140'000, false, MadeTrace::ack | MadeTrace::rst, 1, 3002, 0, {.window = 0});
    made.raw().flow.sides[0].firstSequence = 4'294'966'295; // 1,000 before they begin anew
    return made;
}

} // namespace packetloom::test
