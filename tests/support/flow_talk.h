// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace packetloom::test {

/// Two hosts, 10.0.0.1:40000 and 10.0.0.2:80, packet by packet; what they said is one TCP flow of a capture.
class FlowTalk
{
public:
    static constexpr std::int64_t syn = TcpFlags::syn, ack = TcpFlags::ack, fin = TcpFlags::fin,
                                  rst = TcpFlags::rst, psh = TcpFlags::psh;
    static constexpr std::int64_t ms = 1000, begin = 1'700'000'000'000'000;

    /// Which of the two has the greater number among the addresses.
    explicit FlowTalk(bool clientIsHigh = false) : clientIsHigh_(clientIsHigh) {}

    struct Segment
    {
        std::int64_t payload = 0;
        std::int32_t window = 30000;
        std::uint8_t damage = 0;
        bool known = true; ///< payload and window, to who reads the capture
    };
    /// A millisecond after what was before.
    FlowTalk& client(std::int64_t flags, std::int64_t sequence, std::int64_t acknowledged,
                     const Segment& more)
    {
        return send(true, flags, sequence, acknowledged, more);
    }
    FlowTalk& client(std::int64_t flags, std::int64_t sequence, std::int64_t acknowledged = 0)
    {
        return send(true, flags, sequence, acknowledged, {});
    }
    FlowTalk& server(std::int64_t flags, std::int64_t sequence, std::int64_t acknowledged,
                     const Segment& more)
    {
        return send(false, flags, sequence, acknowledged, more);
    }
    FlowTalk& server(std::int64_t flags, std::int64_t sequence, std::int64_t acknowledged = 0)
    {
        return send(false, flags, sequence, acknowledged, {});
    }
    FlowTalk& wait(std::int64_t microseconds)
    {
        now_ += microseconds;
        return *this;
    }
    /// From 1000 and 5000; 20 ms.
    FlowTalk& handshake();

    /// Judged by the reference's rules; row i is packet i. `captureGoesOn`: behind the last packet.
    [[nodiscard]] std::shared_ptr<const CaptureAnalysis>
    analysis(const std::filesystem::path& folder, std::int64_t captureGoesOn = 60'000 * ms) const;
    /// All of its one flow.
    [[nodiscard]] std::shared_ptr<const FlowTrace> trace(const std::filesystem::path& folder,
                                                         const TraceQuery& query = wholeFlow(),
                                                         std::int64_t captureGoesOn = 60'000 * ms) const;
    static TraceQuery wholeFlow();

private:
    struct Row
    {
        Packet packet;
        PacketExtras extras;
    };

    FlowTalk& send(bool fromClient, std::int64_t flags, std::int64_t sequence, std::int64_t acknowledged,
                   const Segment& more);

    bool clientIsHigh_;
    std::int64_t now_ = begin;
    std::vector<Row> rows_;
};

} // namespace packetloom::test
