// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/tcp_plan.h"

#include <algorithm>

namespace packetloom::generator {
namespace {

struct Sizes
{
    std::uint16_t segment;
    std::uint8_t scale;
    std::uint32_t mostSegments; ///< in a buffer
};

// The segment is a multiple of the scale's unit. Without scaling, a window has 16 bits.
constexpr std::array<Sizes, 3> ipv4{{{1460, 0, 44}, {1460, 2, 64}, {1408, 7, 90}}};
constexpr std::array<Sizes, 3> ipv6{{{1440, 0, 45}, {1440, 5, 64}, {1408, 7, 90}}};

void drawHosts(DrawnConnection& drawn, Random& random)
{
    const auto& sizes = (drawn.ipv6 ? ipv6 : ipv4)[random.below(3)];
    drawn.scaled = sizes.scale > 0 || random.chance(500'000);
    const std::uint32_t roundTrip = 2 * (drawn.plan.distance[0] + drawn.plan.distance[1]);
    for (std::size_t side = 0; side < 2; ++side) {
        TcpHostOptions& host = drawn.plan.hosts[side];
        host.segmentBytes = sizes.segment;
        host.bufferBytes = sizes.segment * random.between(8, sizes.mostSegments);
        host.timeout = 220'000 + 2 * roundTrip;
        host.listens = side == 1;
        drawn.scale[side] = sizes.scale;
        // One in twenty streams passes 2^32.
        drawn.isn[side] = random.chance(50'000) ? ~random.below(20'000) : random.next32();
    }
}

void drawOpening(DrawnConnection& drawn, Random& random)
{
    TcpPlan& plan = drawn.plan;
    const std::uint32_t dice = random.below(1000);
    if (dice < 40) {
        plan.opening = Opening::Refused;
        plan.hosts[1].refuses = true;
        drawn.isn[1] = 0; // RFC 9293, 3.10.7.1
    } else if (dice < 80) {
        plan.opening = Opening::Unanswered;
        plan.hosts[1].listens = false;
        plan.hosts[0].tries = static_cast<std::uint8_t>(random.between(1, 3));
    } else if (dice < 95) {
        plan.opening = Opening::GivenUp;
        plan.hosts[1].listens = false;
    } else if (dice < 110) {
        plan.opening = Opening::HalfOpen;
        plan.hosts[1].tries = static_cast<std::uint8_t>(random.between(1, 3));
    }
}

Ending drawEnding(Random& random)
{
    constexpr std::array<std::pair<std::uint32_t, Ending>, 9> endings{{{420, Ending::ByClient},
                                                                       {640, Ending::ByServer},
                                                                       {690, Ending::Simultaneous},
                                                                       {720, Ending::HalfByClient},
                                                                       {750, Ending::HalfByServer},
                                                                       {820, Ending::ResetByClient},
                                                                       {890, Ending::ResetByServer},
                                                                       {930, Ending::ClosedThenReset},
                                                                       {1000, Ending::Never}}};
    const std::uint32_t dice = random.below(1000);
    return std::find_if(endings.begin(), endings.end(), [&](const auto& e) { return dice < e.first; })
        ->second;
}

void drawTrouble(TcpPlan& plan, Random& random)
{
    plan.lostBefore = random.below(25'000);
    plan.lostBehind = random.below(35'000);
    plan.ackLost = random.below(15'000);
    plan.overtaken = random.chance(300'000) ? random.between(5'000, 40'000) : 0;
    plan.missed = random.chance(120'000) ? random.between(5'000, 40'000) : 0;
    plan.twice = random.chance(30'000) ? random.between(5'000, 50'000) : 0;
}

void drawTalk(TcpPlan& plan, std::uint32_t pause, bool brief, bool troubled, Random& random)
{
    constexpr std::uint32_t longestPause = 8'000'000, briefPause = 150'000;
    const std::uint32_t longest = brief ? briefPause : longestPause;
    const std::uint32_t exchanges = random.heavyTailed(1, 2);
    for (std::uint32_t i = 0; i < exchanges; ++i) {
        TcpPlan::Exchange exchange;
        exchange.request = 40 + random.heavyTailed(120, 4);
        exchange.response = random.heavyTailed(400, 8);
        exchange.thinking = random.below(brief ? 2'000 : 60'000);
        exchange.pause = random.below(std::min(2 * pause, longest) + 1);
        plan.exchanges.push_back(exchange);
    }
    if (random.chance(60'000)) // an upload
        std::swap(plan.exchanges.back().request, plan.exchanges.back().response);
    plan.lingering = random.below(std::min(pause, longest) + 1);
    if (brief)
        return;
    if (random.chance(50'000)) {
        plan.keepAlives = static_cast<std::uint8_t>(random.between(1, 3));
        plan.keepAliveEvery = random.between(1'000'000, 10'000'000);
        plan.keepAliveByte = random.chance(300'000);
    }
    if (troubled && random.chance(60'000)) {
        plan.stall = random.between(400'000, 5'000'000);
        plan.exchanges.back().thinking = 0;
        plan.exchanges.back().response = 3 * plan.hosts[0].bufferBytes + 100;
    }
}

} // namespace

DrawnConnection drawConnection(const Path& path, bool troubled, std::uint32_t pause, Random& random)
{
    DrawnConnection drawn;
    drawn.ipv6 = path.ipv6;
    TcpPlan& plan = drawn.plan;
    plan.distance = {random.between(50, 4'000), std::clamp(path.roundTrip / 2, 60U, 8'500U)};
    drawHosts(drawn, random);
    drawOpening(drawn, random);
    if (plan.opening != Opening::Normal)
        return drawn;
    plan.ending = drawEnding(random);
    const std::uint32_t hidden = random.below(1000);
    plan.hidden[0] = hidden < 20;
    plan.hidden[1] = hidden >= 20 && hidden < 40;
    plan.openingHidden = hidden >= 40 && hidden < 70;
    const bool oneSided = hidden < 40;
    if (troubled)
        drawTrouble(plan, random);
    drawTalk(plan, pause, oneSided, troubled, random);
    const bool inTurn = plan.ending == Ending::ByClient || plan.ending == Ending::ByServer;
    plan.closesAtOnce = inTurn && random.chance(400'000);
    plan.hosts[plan.ending == Ending::ByClient ? 1 : 0].closesAtOnce = plan.closesAtOnce;
    const bool resets = plan.ending == Ending::ResetByClient || plan.ending == Ending::ResetByServer;
    plan.cutShort = resets && plan.stall == 0 && plan.keepAlives == 0 && random.chance(400'000);
    return drawn;
}

} // namespace packetloom::generator
