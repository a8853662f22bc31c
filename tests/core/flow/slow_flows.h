// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace packetloom::test {

struct SlowFlow
{
    std::uint64_t number = 0;
    bool byTimeout = false;
    std::vector<Packet> packets;
};

inline bool samePacket(const Packet& a, const Packet& b)
{
    return a.timestamp == b.timestamp && a.source == b.source && a.destination == b.destination &&
           a.sourcePort == b.sourcePort && a.destinationPort == b.destinationPort &&
           a.sequence == b.sequence && a.acknowledgment == b.acknowledgment && a.length == b.length &&
           a.flags == b.flags;
}

inline bool sameFlow(const SlowFlow& a, const SlowFlow& b)
{
    return a.number == b.number && a.byTimeout == b.byTimeout &&
           std::equal(a.packets.begin(), a.packets.end(), b.packets.begin(), b.packets.end(), samePacket);
}

/// The rules of docs/flows.md, 3 to 11, word by word: a list of open flows, searched from its start and
/// judged from its start. Times must be far from the ends of 64 bits.
class SlowFlows
{
public:
    explicit SlowFlows(std::int64_t timeoutSeconds) : timeout_(timeoutSeconds * 1'000'000) {}

    void add(const Packet& packet)
    {
        newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
        if (packet.sourcePort == 0 || packet.destinationPort == 0 || packet.source == emptyAddress ||
            packet.destination == emptyAddress)
            return;
        auto flow = std::find_if(open_.begin(), open_.end(), [&](const SlowFlow& candidate) {
            return sameEnds(candidate.packets.front(), packet);
        });
        if (flow == open_.end())
            flow = open_.insert(flow, {++opened_, false, {}});
        flow->packets.push_back(packet);
    }

    void endReadChunk()
    {
        if (!newest_)
            return;
        std::vector<SlowFlow> stillOpen;
        for (auto& flow : open_) {
            const bool ended = std::any_of(flow.packets.begin(), flow.packets.end(), [](const Packet& p) {
                return p.flags.has(TcpFlags::fin) || p.flags.has(TcpFlags::rst);
            });
            const bool timedOut = *newest_ - flow.packets.back().timestamp >= timeout_;
            if (ended || timedOut)
                complete(flow, !ended);
            else
                stillOpen.push_back(std::move(flow));
        }
        open_ = std::move(stillOpen);
        newest_.reset();
    }

    void finish()
    {
        for (auto& flow : open_)
            complete(flow, false);
        open_.clear();
    }

    [[nodiscard]] std::size_t openFlows() const { return open_.size(); }
    [[nodiscard]] const std::vector<SlowFlow>& completed() const { return completed_; }

private:
    static bool sameEnds(const Packet& a, const Packet& b)
    {
        const auto ends = [](const Packet& p) {
            const std::pair from{p.source, p.sourcePort}, to{p.destination, p.destinationPort};
            return std::pair{std::min(from, to), std::max(from, to)};
        };
        return ends(a) == ends(b);
    }
    void complete(SlowFlow& flow, bool byTimeout)
    {
        flow.byTimeout = byTimeout;
        std::stable_sort(flow.packets.begin(), flow.packets.end(),
                         [](const Packet& a, const Packet& b) { return a.timestamp < b.timestamp; });
        completed_.push_back(std::move(flow));
    }

    std::int64_t timeout_;
    std::optional<std::int64_t> newest_;
    std::uint64_t opened_ = 0;
    std::vector<SlowFlow> open_; ///< in order of opening
    std::vector<SlowFlow> completed_;
};

} // namespace packetloom::test
