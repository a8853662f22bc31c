// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/trace_lens.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace packetloom {
namespace {

constexpr int packetsPerPixel = 2;     // that are still drawn one by one
constexpr double coarsePixels = 1.5;   // of a slice
constexpr std::size_t packetLimit = 6; // at least so many, however few the pixels

TraceSlice::Range TraceSlice::*rangeOf(TraceFigure figure)
{
    switch (figure) {
    case TraceFigure::Acknowledged:
        return &TraceSlice::acknowledged;
    case TraceFigure::WindowEdge:
        return &TraceSlice::windowEdge;
    case TraceFigure::RoundTrip:
        return &TraceSlice::roundTrip;
    case TraceFigure::Window:
        return &TraceSlice::window;
    case TraceFigure::InFlight:
        return &TraceSlice::inFlight;
    }
    return &TraceSlice::sequence;
}

void join(TraceSlice::Range& into, const TraceSlice::Range& other)
{
    if (other.empty())
        return;
    into.add(other.least);
    into.add(other.most);
}

void join(TraceSlice& into, const TraceSlice& other)
{
    for (const auto part : {&TraceSlice::sequence, &TraceSlice::acknowledged, &TraceSlice::windowEdge,
                            &TraceSlice::roundTrip, &TraceSlice::window, &TraceSlice::inFlight})
        join(into.*part, other.*part);
    for (const auto part :
         {&TraceSlice::payload, &TraceSlice::packets, &TraceSlice::retransmissions, &TraceSlice::outOfOrder})
        into.*part += other.*part;
}

std::int64_t length(std::int64_t from, std::int64_t to)
{
    const auto wide = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::min(wide, most));
}

/// The first of 1, 2, 5, 10, 20 ... that is not smaller.
std::int64_t roundWidth(std::int64_t least)
{
    std::int64_t power = 1;
    while (power < std::numeric_limits<std::int64_t>::max() / 10) {
        for (const std::int64_t times : {1, 2, 5}) {
            if (power * times >= least)
                return power * times;
        }
        power *= 10;
    }
    return power;
}

auto sliceAt(const std::vector<TraceSlice>& slices, std::int64_t time)
{
    return std::ranges::lower_bound(slices, time, {}, &TraceSlice::time);
}

} // namespace

std::int64_t sequenceLength(const TracedPacket& packet)
{
    const auto& flags = packet.packet.flags;
    return std::max<std::int64_t>(packet.verdict.payload, 0) + (flags.has(TcpFlags::syn) ? 1 : 0) +
           (flags.has(TcpFlags::fin) ? 1 : 0);
}

bool isSegment(const TracedPacket& packet)
{
    return (packet.verdict.marks & Ignored) == 0 &&
           (sequenceLength(packet) > 0 || packet.packet.flags.has(TcpFlags::rst));
}

std::optional<std::int64_t> figureOf(const TracedPacket& packet, std::size_t side, TraceFigure figure)
{
    const SegmentVerdict& verdict = packet.verdict;
    const bool own = senderOf(packet) == side;
    const bool answers = !own && packet.packet.flags.has(TcpFlags::ack) && (verdict.marks & Ignored) == 0;
    const bool offers =
        verdict.window >= 0 && !packet.packet.flags.has(TcpFlags::rst); // it means nothing by it
    const auto known = [](std::int64_t value) { return value >= 0 ? std::optional(value) : std::nullopt; };
    switch (figure) {
    case TraceFigure::Acknowledged:
        return answers ? std::optional(verdict.relativeAcknowledgment) : std::nullopt;
    case TraceFigure::WindowEdge:
        return answers && offers ? std::optional(verdict.relativeAcknowledgment + verdict.window)
                                 : std::nullopt;
    case TraceFigure::RoundTrip:
        return own ? std::nullopt : verdict.roundTrip;
    case TraceFigure::Window:
        return own && offers ? std::optional(verdict.window) : std::nullopt;
    case TraceFigure::InFlight:
        return own && sequenceLength(packet) > 0 ? known(verdict.inFlight) : std::nullopt;
    }
    return std::nullopt;
}

bool knows(const FlowTrace& trace, std::size_t side, TraceFigure figure)
{
    return std::ranges::any_of(trace.slices[side],
                               [&](const TraceSlice& slice) { return !(slice.*rangeOf(figure)).empty(); }) ||
           std::ranges::any_of(trace.packets, [&](const TracedPacket& packet) {
               return figureOf(packet, side, figure).has_value();
           });
}

TraceLens::TraceLens(const FlowTrace& trace, std::int64_t from, std::int64_t to, int pixels)
    : trace_(trace), from_(from), to_(std::max(from, to)), pixels_(std::max(pixels, 1))
{
    const auto time = [](const TracedPacket& packet) { return packet.packet.timestamp; };
    const auto& packets = trace_.packets;
    const auto begin = std::ranges::lower_bound(packets, from_, {}, time);
    const auto end = std::ranges::upper_bound(packets, to_, {}, time);
    const auto seen = static_cast<std::size_t>(end - begin);
    firstPacket_ = static_cast<std::size_t>(begin - packets.begin()) - (begin != packets.begin() ? 1 : 0);
    endPacket_ = static_cast<std::size_t>(end - packets.begin()) + (end != packets.end() ? 1 : 0);
    allKept_ = std::ranges::none_of(trace_.folded, [&](const FoldedPackets& folded) {
        return folded.first <= to_ && folded.last >= from_;
    });
    detailed_ =
        allKept_ && seen <= std::max(packetLimit, static_cast<std::size_t>(pixels_) * packetsPerPixel);
    columnWidth_ = std::max({trace_.sliceWidth, length(from_, to_) / pixels_, std::int64_t{1}});
}

std::uint64_t TraceLens::sliced() const
{
    std::uint64_t all = 0;
    for (const auto& slices : trace_.slices) {
        for (auto slice = sliceAt(slices, from_); slice != slices.end(); ++slice) {
            if (slice->time > to_)
                break;
            all += slice->packets;
        }
    }
    return all;
}

bool TraceLens::coarse() const
{
    if (detailed_)
        return false;
    const double slices = static_cast<double>(length(from_, to_)) /
                          static_cast<double>(std::max<std::int64_t>(trace_.sliceWidth, 1));
    const bool wide = trace_.sliceWidth > 1 && slices * coarsePixels < pixels_;
    return wide || (!allKept_ && sliced() <= static_cast<std::uint64_t>(pixels_) * packetsPerPixel);
}

std::span<const TracedPacket> TraceLens::packets() const
{
    return std::span(trace_.packets).subspan(firstPacket_, endPacket_ - firstPacket_);
}

std::vector<TraceSlice> TraceLens::columns(std::size_t side) const
{
    const auto& slices = trace_.slices[side];
    auto slice = sliceAt(slices, from_);
    if (slice != slices.begin())
        --slice;
    std::vector<TraceSlice> columns;
    std::optional<std::int64_t> column;
    for (; slice != slices.end(); ++slice) {
        const bool beyond = slice->time > to_;
        const std::int64_t place = slice->time < from_ ? -1 : length(from_, slice->time) / columnWidth_;
        if (beyond || column != place)
            columns.push_back(*slice);
        else
            join(columns.back(), *slice);
        column = place;
        if (beyond)
            break;
    }
    return columns;
}

std::vector<TracePoint> TraceLens::points(std::size_t side, TraceFigure figure) const
{
    std::vector<TracePoint> points;
    if (!detailed_) {
        for (const TraceSlice& column : columns(side)) {
            if (const auto& range = column.*rangeOf(figure); !range.empty())
                points.push_back({column.time, range.least, range.most, std::nullopt});
        }
        return points;
    }
    // Of lines the last value before what is seen counts, however long ago it was told.
    for (std::size_t i = firstPacket_; i > 0 && points.empty(); --i) {
        if (const auto value = figureOf(trace_.packets[i - 1], side, figure))
            points.push_back({trace_.packets[i - 1].packet.timestamp, *value, *value, i - 1});
    }
    for (std::size_t i = firstPacket_; i < endPacket_; ++i) {
        if (const auto value = figureOf(trace_.packets[i], side, figure))
            points.push_back({trace_.packets[i].packet.timestamp, *value, *value, i});
    }
    return points;
}

std::int64_t TraceLens::rateWidth(std::size_t most) const
{
    const std::int64_t least = std::max<std::int64_t>(
        length(from_, to_) / static_cast<std::int64_t>(std::max<std::size_t>(most, 1)), 1);
    if (allKept_ || trace_.sliceWidth <= 1)
        return roundWidth(least);
    // of whole slices
    const std::int64_t slices = (least + trace_.sliceWidth - 1) / trace_.sliceWidth;
    return trace_.sliceWidth * roundWidth(std::max<std::int64_t>(slices, 1));
}

std::vector<TraceRate> TraceLens::rates(std::size_t side, std::size_t most) const
{
    const std::int64_t width = rateWidth(most);
    const std::int64_t begin = std::max(from_, trace_.from), end = std::min(to_, trace_.to);
    if (begin > end)
        return {};
    const std::int64_t first = trace_.from + length(trace_.from, begin) / width * width;
    std::vector<TraceRate> rates(static_cast<std::size_t>(length(first, end) / width) + 1);
    for (std::size_t i = 0; i < rates.size(); ++i)
        rates[i].time = first + static_cast<std::int64_t>(i) * width;
    const auto at = [&](std::int64_t time) -> TraceRate* {
        if (time < first)
            return nullptr;
        const auto place = static_cast<std::size_t>(length(first, time) / width);
        return place < rates.size() ? &rates[place] : nullptr;
    };
    if (!allKept_) {
        for (auto slice = sliceAt(trace_.slices[side], first); slice != trace_.slices[side].end(); ++slice) {
            auto* const rate = at(slice->time);
            if (!rate)
                break;
            rate->payload += slice->payload;
        }
        return rates;
    }
    const auto time = [](const TracedPacket& packet) { return packet.packet.timestamp; };
    for (auto packet = std::ranges::lower_bound(trace_.packets, first, {}, time);
         packet != trace_.packets.end(); ++packet) {
        auto* const rate = at(packet->packet.timestamp);
        if (!rate)
            break;
        if (senderOf(*packet) != side || packet->verdict.payload <= 0)
            continue;
        const auto payload = static_cast<std::uint64_t>(packet->verdict.payload);
        rate->payload += payload;
        if ((packet->verdict.marks & (Retransmission | KeepAlive | ZeroWindowProbe)) == 0)
            rate->fresh += payload;
    }
    return rates;
}

} // namespace packetloom
