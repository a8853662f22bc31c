// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/packet_order.h"

#include <algorithm>
#include <cstddef>

namespace packetloom {
namespace {

// From the smaller to the larger one: two timestamps may be further apart than a signed number can say.
std::uint64_t difference(std::int64_t from, std::int64_t to)
{
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

} // namespace

void PacketOrder::step(const Packet& before, const Packet& after)
{
    if (after.timestamp < before.timestamp) {
        ++outOfOrder_;
        return;
    }
    const std::uint64_t gap = difference(before.timestamp, after.timestamp);
    if (gap > largestGap_) {
        largestGap_ = gap;
        gapStart_ = before.timestamp;
    }
    repeated_ += static_cast<std::uint64_t>(gap == 0 && before == after);
}

void PacketOrder::note(std::int64_t timestamp)
{
    if (timestamp >= latest_) [[likely]] {
        latest_ = timestamp;
        return;
    }
    largestStepBack_ = std::max(largestStepBack_, difference(timestamp, latest_));
    earliest_ = std::min(earliest_, timestamp);
}

void PacketOrder::add(std::span<const Packet> packets)
{
    if (packets.empty())
        return;
    if (packets_ == 0) {
        first_ = packets.front();
        earliest_ = latest_ = first_.timestamp;
    } else {
        step(last_, packets.front());
        note(packets.front().timestamp);
    }
    for (std::size_t i = 1; i < packets.size(); ++i) {
        step(packets[i - 1], packets[i]);
        note(packets[i].timestamp);
    }
    packets_ += packets.size();
    last_ = packets.back();
}

void PacketOrder::append(const PacketOrder& next)
{
    if (next.packets_ == 0)
        return;
    if (packets_ == 0) {
        *this = next;
        return;
    }
    step(last_, next.first_);
    packets_ += next.packets_;
    outOfOrder_ += next.outOfOrder_;
    repeated_ += next.repeated_;
    if (next.largestGap_ > largestGap_) {
        largestGap_ = next.largestGap_;
        gapStart_ = next.gapStart_;
    }
    // A packet of `next` is behind what is latest there or here, whichever is later.
    largestStepBack_ = std::max(largestStepBack_, next.largestStepBack_);
    if (next.earliest_ < latest_)
        largestStepBack_ = std::max(largestStepBack_, difference(next.earliest_, latest_));
    earliest_ = std::min(earliest_, next.earliest_);
    latest_ = std::max(latest_, next.latest_);
    last_ = next.last_;
}

PacketOrder::Parts PacketOrder::parts() const
{
    return {.packets = packets_,
            .outOfOrder = outOfOrder_,
            .largestStepBack = largestStepBack_,
            .largestGap = largestGap_,
            .repeated = repeated_,
            .gapStart = gapStart_,
            .earliest = earliest_,
            .latest = latest_,
            .first = first_,
            .last = last_};
}

PacketOrder PacketOrder::of(const Parts& parts)
{
    PacketOrder order;
    order.packets_ = parts.packets;
    order.outOfOrder_ = parts.outOfOrder;
    order.largestStepBack_ = parts.largestStepBack;
    order.largestGap_ = parts.largestGap;
    order.repeated_ = parts.repeated;
    order.gapStart_ = parts.gapStart;
    order.earliest_ = parts.earliest;
    order.latest_ = parts.latest;
    order.first_ = parts.first;
    order.last_ = parts.last;
    return order;
}

} // namespace packetloom
