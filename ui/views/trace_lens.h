// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {

/// A figure that packets of one side tell, or the answers to them.
enum class TraceFigure : std::uint8_t {
    Acknowledged, ///< what the other side acknowledged, in this side's relative numbers
    WindowEdge,   ///< the same and the window that the other offered with it
    RoundTrip,    ///< of this side's segments, microseconds
    Window,       ///< that this side offered, bytes
    InFlight,     ///< bytes
};
inline constexpr std::size_t traceFigureCount = 5;

/// A figure at a time, or its least and most over a stretch.
struct TracePoint
{
    std::int64_t time = 0;
    std::int64_t least = 0, most = 0;
    std::optional<std::size_t> packet; ///< index into FlowTrace::packets; none of a stretch
};

/// Bytes that one side sent over a stretch.
struct TraceRate
{
    std::int64_t time = 0; ///< where it begins
    std::uint64_t payload = 0;
    std::uint64_t fresh = 0; ///< of it: not sent before; only where allKept()
};

/// A part of the time of a trace, as it is seen on so many pixels: packet by packet where there is room for
/// that and all of them are there, else the least and the most of each column of pixels. Looks at the trace,
/// which must outlive it.
class TraceLens
{
public:
    /// Times are inclusive.
    TraceLens(const FlowTrace& trace, std::int64_t from, std::int64_t to, int pixels);

    /// Packet by packet.
    [[nodiscard]] bool detailed() const { return detailed_; }
    /// None of the packets that are seen is folded.
    [[nodiscard]] bool allKept() const { return allKept_; }
    /// A trace of what is seen would show more than this one does.
    [[nodiscard]] bool coarse() const;
    /// Microseconds of a column, where it is not packet by packet.
    [[nodiscard]] std::int64_t columnWidth() const { return columnWidth_; }

    /// Packets that are seen, both sides', with one more at each end where there is one: lines go on beyond
    /// the edge. Where it is not detailed these are only those that were kept.
    [[nodiscard]] std::span<const TracedPacket> packets() const;
    /// Index into FlowTrace::packets of packets().front().
    [[nodiscard]] std::size_t firstPacket() const { return firstPacket_; }
    /// The slices that are seen, those of one column of pixels as one; one more at each end.
    [[nodiscard]] std::vector<TraceSlice> columns(std::size_t side) const;
    /// In the order of time; packet by packet or by columns().
    [[nodiscard]] std::vector<TracePoint> points(std::size_t side, TraceFigure figure) const;
    /// Every stretch that is seen, the empty ones too; about `most` of them, of a round width.
    [[nodiscard]] std::vector<TraceRate> rates(std::size_t side, std::size_t most) const;
    [[nodiscard]] std::int64_t rateWidth(std::size_t most) const;

private:
    [[nodiscard]] std::uint64_t sliced() const;

    const FlowTrace& trace_;
    std::int64_t from_, to_;
    int pixels_;
    std::size_t firstPacket_ = 0, endPacket_ = 0;
    bool allKept_ = true, detailed_ = true;
    std::int64_t columnWidth_ = 1;
};

/// The figure that a packet tells of `side`; none where it tells none.
std::optional<std::int64_t> figureOf(const TracedPacket& packet, std::size_t side, TraceFigure figure);
/// Whose packet it is: ExactFlow::originator or responder.
inline std::size_t senderOf(const TracedPacket& packet)
{
    return packet.verdict.fromOriginator ? ExactFlow::originator : ExactFlow::responder;
}
/// Numbers that a segment takes: its payload, one for a SYN, one for a FIN (RFC 9293, 3.4); 0 for a bare ACK.
std::int64_t sequenceLength(const TracedPacket& packet);
/// Whether it stands in the time-sequence graph of its sender: it takes numbers, or is a RST, and is
/// believed.
bool isSegment(const TracedPacket& packet);
/// Whether any packet or slice of that side tells the figure.
bool knows(const FlowTrace& trace, std::size_t side, TraceFigure figure);

} // namespace packetloom
