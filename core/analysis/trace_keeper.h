// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"

#include <deque>

namespace packetloom {

/// Keeps packets one by one, in order, as long as there are no more than `most`; of more the first ones, the
/// last ones, and between them those that mean something, of which the most telling stay where there are too
/// many. The others are folded.
class TraceKeeper
{
public:
    explicit TraceKeeper(std::size_t most);

    /// `wanted` ones stay whatever they are; there are few.
    void add(const TracedPacket& packet, bool wanted);
    /// All that was kept and folded.
    void finish(FlowTrace& trace) &&;

private:
    /// How much a packet tells.
    enum Worth : std::uint8_t {
        Plain,     ///< data, and acknowledgments of it
        Repeated,  ///< duplicate ACKs and window updates: there are as many as segments
        Telling,   ///< a retransmission, a gap, a closed window, ...
        Structure, ///< SYN, FIN, RST
        Wanted
    };
    struct Kept
    {
        TracedPacket packet;
        Worth worth = Plain;
        FoldedPackets before; ///< what was folded directly before it
    };

    static Worth worthOf(const TracedPacket& packet, bool wanted);
    static void fold(FoldedPackets& into, const FoldedPackets& more);
    static void fold(FoldedPackets& into, const TracedPacket& packet);
    void leaveTail();
    bool thinMiddle();
    bool thinLeast();

    std::size_t most_;
    std::vector<Kept> head_;
    std::vector<Kept> middle_;
    FoldedPackets open_; ///< behind the middle
    std::deque<Kept> tail_;
};

} // namespace packetloom
