// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/generator.h"
#include "tests/support/generator/probes.h"
#include "tests/support/generator/simulated_flow.h"
#include "tests/support/generator/tcp_session.h"
#include "tests/support/generator/truth.h"

#include <set>
#include <utility>
#include <variant>
#include <vector>

namespace packetloom::generator {

/// A fixed number of conversations that go on side by side, each replaced by a new one when it ends. Their
/// packets come in the order of time.
class Traffic
{
public:
    /// `hosts`, `random` and `truth`, which may be null, must outlive it.
    Traffic(const GeneratorOptions& options, HostPool& hosts, Random& random, TruthWriter* truth = nullptr);

    /// False when none is left: options.flows conversations have ended.
    bool next(Packet& packet);
    /// Tells the truth of the flows that have not ended.
    void tellRest();
    [[nodiscard]] const std::array<std::uint64_t, kindCount>& begun() const { return begun_; }

private:
    using Conversation =
        std::variant<std::monostate, TcpSession, PortScan, SynFlood, UdpExchange, SweepProbe, SimulatedFlow>;
    struct Event
    {
        std::uint64_t time = 0;
        std::uint32_t slot = 0;
        friend bool operator<(const Event& a, const Event& b)
        {
            return a.time != b.time ? a.time < b.time : a.slot < b.slot;
        }
    };

    /// What the truth needs to know of a conversation that is no simulated flow.
    struct Told
    {
        Kind kind = Kind::Web;
        std::uint32_t client = 0;
        std::uint16_t clientPort = 0;
        std::vector<TrueFlow> flows;
    };

    void begin(std::uint32_t slot);
    void tell(std::uint32_t slot, const Packet& packet, const Step& step);
    void retire();
    Step advance(Conversation& conversation, Packet& packet);
    void reschedule(std::uint64_t delay);
    void adjustPause();

    HostPool& hosts_;
    Random& random_;
    Disturbances disturbances_;
    std::uint32_t longTransfers_;
    std::uint64_t sweepProbes_ = 0;
    std::array<std::uint32_t, kindCount> cumulated_{}; // of the kinds' weights
    std::array<std::uint64_t, kindCount> begun_{};
    std::vector<Conversation> slots_;
    TruthWriter* truth_;
    std::vector<Told> told_; // by slot, with a truth
    std::uint32_t troubledPerMillion_;
    std::uint64_t flowsLeft_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> pinged_; // each pair of hosts once
    std::vector<Event> heap_; // four children a node: half the levels of a binary heap
    std::uint64_t rate_;
    std::uint64_t pause_;
    std::uint64_t start_, windowStart_;
    std::uint64_t rows_ = 0, windowRows_ = 0, windowEnd_;
};

} // namespace packetloom::generator
