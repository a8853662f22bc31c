// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/trace_keeper.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t fewest = 16;
constexpr std::size_t endShare = 4; ///< a part of those kept are the first ones, and one the last ones

bool isEmpty(const FoldedPackets& folded)
{
    return folded.packets[0] + folded.packets[1] == 0;
}

} // namespace

TraceKeeper::TraceKeeper(std::size_t most) : most_(std::max(most, fewest)) {}

TraceKeeper::Worth TraceKeeper::worthOf(const TracedPacket& packet, bool wanted)
{
    const TcpFlags& flags = packet.packet.flags;
    if (wanted)
        return Wanted;
    if (flags.has(TcpFlags::syn) || flags.has(TcpFlags::fin) || flags.has(TcpFlags::rst))
        return Structure;
    constexpr SegmentMarks repeated = DuplicateAck | WindowUpdate;
    if (packet.verdict.marks & static_cast<SegmentMarks>(~repeated))
        return Telling;
    return packet.verdict.marks != 0 ? Repeated : Plain;
}

void TraceKeeper::fold(FoldedPackets& into, const FoldedPackets& more)
{
    if (isEmpty(more))
        return;
    if (isEmpty(into))
        into.first = more.first;
    into.last = more.last;
    into.retransmissions += more.retransmissions;
    for (std::size_t side = 0; side < 2; ++side) {
        into.packets[side] += more.packets[side];
        into.payload[side] += more.payload[side];
    }
}

void TraceKeeper::fold(FoldedPackets& into, const TracedPacket& packet)
{
    FoldedPackets one;
    one.first = one.last = packet.packet.timestamp;
    const std::size_t side = packet.verdict.fromOriginator ? ExactFlow::originator : ExactFlow::responder;
    one.packets[side] = 1;
    one.retransmissions = (packet.verdict.marks & Retransmission) ? 1 : 0;
    if (packet.verdict.payload > 0 && !(packet.verdict.marks & Ignored))
        one.payload[side] = static_cast<std::uint64_t>(packet.verdict.payload);
    fold(into, one);
}

void TraceKeeper::add(const TracedPacket& packet, bool wanted)
{
    Kept kept{.packet = packet, .worth = worthOf(packet, wanted), .before = {}};
    if (head_.size() < most_ / endShare) {
        head_.push_back(std::move(kept));
        return;
    }
    tail_.push_back(std::move(kept));
    while (head_.size() + middle_.size() + tail_.size() > most_) {
        if (tail_.size() > most_ / endShare)
            leaveTail();
        else if (!thinMiddle())
            break;
    }
}

// The first of the tail gets between the others, or is folded.
void TraceKeeper::leaveTail()
{
    Kept first = std::move(tail_.front());
    tail_.pop_front();
    if (first.worth == Plain)
        return fold(open_, first.packet);
    first.before = open_;
    open_ = {};
    middle_.push_back(std::move(first));
}

bool TraceKeeper::thinMiddle()
{
    // A good part at once, for each time all of them are moved.
    const std::size_t enough = middle_.size() - middle_.size() / 8;
    bool thinned = false;
    do {
        if (!thinLeast())
            break;
        thinned = true;
    } while (middle_.size() > enough);
    return thinned;
}

// Every second of those that tell least goes, so that those that stay are all over the time. False when
// nothing may go.
bool TraceKeeper::thinLeast()
{
    const auto least = std::min_element(middle_.begin(), middle_.end(),
                                        [](const Kept& a, const Kept& b) { return a.worth < b.worth; });
    if (least == middle_.end() || least->worth == Wanted)
        return false;
    const Worth worth = least->worth;
    std::vector<Kept> stay;
    stay.reserve(middle_.size());
    FoldedPackets open;
    bool goes = true;
    for (Kept& kept : middle_) {
        fold(open, kept.before);
        if (kept.worth == worth && goes) {
            fold(open, kept.packet);
        } else {
            kept.before = std::exchange(open, {});
            stay.push_back(std::move(kept));
        }
        goes = kept.worth == worth ? !goes : goes;
    }
    fold(open, open_);
    open_ = open;
    middle_ = std::move(stay);
    return true;
}

void TraceKeeper::finish(FlowTrace& trace) &&
{
    trace.packets.reserve(head_.size() + middle_.size() + tail_.size());
    const auto put = [&](const Kept& kept, FoldedPackets before) {
        if (!isEmpty(before)) {
            before.before = trace.packets.size();
            trace.folded.push_back(before);
        }
        trace.packets.push_back(kept.packet);
    };
    for (const Kept& kept : head_)
        put(kept, {});
    for (const Kept& kept : middle_)
        put(kept, kept.before);
    bool first = true;
    for (const Kept& kept : tail_)
        put(kept, std::exchange(first, false) ? open_ : FoldedPackets{});
}

} // namespace packetloom
