// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/trace_slices.h"

#include <algorithm>

namespace packetloom {
namespace {

// Times may be as far apart as 64 bits allow: differences are taken without a sign.
std::uint64_t between(std::int64_t from, std::int64_t to)
{
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

} // namespace

TraceSlices::TraceSlices(std::int64_t from, std::int64_t to, std::size_t slices)
    : from_(from),
      width_(
          static_cast<std::int64_t>(between(from, std::max(from, to)) / std::max<std::size_t>(slices, 2) + 1))
{
}

TraceSlice& TraceSlices::at(std::size_t side, std::int64_t time)
{
    const auto width = static_cast<std::uint64_t>(width_);
    const auto begin =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(from_) + between(from_, time) / width * width);
    auto& slices = slices_[side];
    if (slices.empty() || slices.back().time != begin) {
        slices.emplace_back();
        slices.back().time = begin;
    }
    return slices.back();
}

void TraceSlices::add(const Packet& packet, const SegmentVerdict& verdict)
{
    const std::int64_t time = packet.timestamp;
    const std::size_t side = verdict.fromOriginator ? ExactFlow::originator : ExactFlow::responder;
    TraceSlice& own = at(side, time);
    ++own.packets;
    if (verdict.marks & Ignored)
        return;
    if (verdict.payload != 0)
        own.sequence.add(verdict.relativeSequence);
    if (verdict.payload > 0) {
        own.payload += static_cast<std::uint64_t>(verdict.payload);
        own.sequence.add(verdict.relativeSequence + verdict.payload);
        own.inFlight.add(verdict.inFlight);
    }
    own.retransmissions += (verdict.marks & Retransmission) ? 1 : 0;
    own.outOfOrder += (verdict.marks & OutOfOrder) ? 1 : 0;
    const bool offers = verdict.window >= 0 && !packet.flags.has(TcpFlags::rst); // a RST means nothing by it
    if (offers)
        own.window.add(verdict.window);
    if (!packet.flags.has(TcpFlags::ack))
        return;
    TraceSlice& other = at(1 - side, time);
    other.acknowledged.add(verdict.relativeAcknowledgment);
    if (offers)
        other.windowEdge.add(verdict.relativeAcknowledgment + verdict.window);
    if (verdict.roundTrip)
        other.roundTrip.add(*verdict.roundTrip);
}

void TraceSlices::shift(std::size_t side, std::int64_t by)
{
    for (TraceSlice& slice : slices_[side]) {
        for (auto* const range : {&slice.acknowledged, &slice.windowEdge}) {
            if (range->empty())
                continue;
            range->least += by;
            range->most += by;
        }
    }
}

} // namespace packetloom
