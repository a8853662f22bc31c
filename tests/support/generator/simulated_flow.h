// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/tcp_plan.h"
#include "tests/support/generator/truth.h"

namespace packetloom::generator {

/// A connection of TCP that is played in full when it begins, now and then with another one between the same
/// ports a moment after its close; or an exchange of UDP datagrams or of pings. It knows the truth about
/// itself.
class SimulatedFlow
{
public:
    /// `troubledPerMillion`: connections with losses and the like. `mayPing`: no other flow is a ping
    /// between these hosts.
    SimulatedFlow(const Path& path, std::uint32_t troubledPerMillion, bool mayPing, std::uint32_t pause,
                  Random& random);

    Step advance(Packet& packet, Random& random, std::uint32_t pause);
    /// After a step that captured a packet, when the packet has its time: counts it. A flow that ended is
    /// written.
    void captured(const Packet& packet, TruthWriter* truth);
    /// The capture ends.
    void cut(TruthWriter& truth) const { truth.write(flow_); }
    [[nodiscard]] bool pings() const { return use_ == Use::Ping; }

private:
    enum class Use : std::uint8_t { Tcp, Datagrams, Ping };
    struct Datagram
    {
        std::uint64_t time = 0;
        std::uint32_t bytes = 0;
        bool fromServer = false;
    };

    void beginTcp(bool reused, std::uint32_t pause, Random& random);
    void drawDatagrams(std::uint32_t pause, Random& random);
    void fill(Packet& packet, const SeenSegment& seen);
    void fill(Packet& packet, const Datagram& datagram);
    void ends(Packet& packet, bool fromServer) const;
    [[nodiscard]] std::size_t size() const
    {
        return use_ == Use::Tcp ? course_.seen.size() : datagrams_.size();
    }
    [[nodiscard]] std::uint64_t timeOf(std::size_t i) const
    {
        return use_ == Use::Tcp ? course_.seen[i].time : datagrams_[i].time;
    }

    Path path_;
    std::uint32_t troubledPerMillion_;
    Use use_ = Use::Tcp;
    DrawnConnection drawn_;
    TcpCourse course_;
    std::vector<Datagram> datagrams_;
    std::size_t next_ = 0;
    bool again_ = false; // another connection follows
    TrueFlow flow_;
};

} // namespace packetloom::generator
