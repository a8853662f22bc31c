// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/tcp_simulation.h"

#include "tests/support/generator/seen_stream.h"

#include <algorithm>

namespace packetloom::generator {
namespace {

using Time = TcpHost::Time;
constexpr std::size_t client = 0, server = 1;

/// What happens at a time: a segment arrives at a host, or its application does something.
enum class What : std::uint8_t { Arrival, Request, Respond, Close, Abort, KeepAlive, ReadOn, SayMore };
struct Event
{
    Time time = 0;
    std::uint64_t number = 0; // of those at the same time the first comes first
    What what = What::Arrival;
    std::size_t host = client;
    Segment segment;
    friend bool operator<(const Event& a, const Event& b) // for a heap whose front is the earliest
    {
        return a.time != b.time ? a.time > b.time : a.number > b.number;
    }
};

class Simulation
{
public:
    Simulation(const TcpPlan& plan, Random& random)
        : plan_(plan), random_(random), hosts_{TcpHost(plan.hosts[client]), TcpHost(plan.hosts[server])}
    {
    }

    TcpCourse run();

private:
    void at(Time time, What what, std::size_t host, const Segment& segment = {});
    void happen(const Event& event);
    void transmit(std::size_t from);
    void capture(std::size_t from, Time time, const Segment& segment);
    void application();
    void opening();
    void end();
    [[nodiscard]] std::size_t closer() const
    {
        const bool serves = plan_.ending == Ending::ByServer || plan_.ending == Ending::HalfByServer ||
                            plan_.ending == Ending::ResetByServer;
        return serves ? server : client;
    }

    const TcpPlan& plan_;
    Random& random_;
    std::array<TcpHost, 2> hosts_;
    std::vector<Event> events_;
    std::uint64_t numbers_ = 0;
    Time now_ = 0;
    std::array<Time, 2> freeAt_{};
    std::size_t exchange_ = 0;
    std::uint32_t requested_ = 0, responded_ = 0; // bytes of all exchanges so far
    enum class Talk : std::uint8_t { Idle, Asked, Answering } talk_ = Talk::Idle;
    bool ending_ = false, secondClose_ = false, begun_ = false;
    TcpCourse course_;
};

void Simulation::at(Time time, What what, std::size_t host, const Segment& segment)
{
    events_.push_back({time, numbers_++, what, host, segment});
    std::push_heap(events_.begin(), events_.end());
}

// From the host to the capture to the other host. Bursts are spaced as by a link of a gigabit a second.
void Simulation::transmit(std::size_t from)
{
    constexpr std::uint32_t spacing = 12, mostTries = 3;
    const std::size_t to = 1 - from;
    for (const Segment& segment : hosts_[from].outbox) {
        const Time sent = std::max(now_ + random_.between(8, 30), freeAt_[from] + spacing);
        freeAt_[from] = sent;
        Time seen = sent + plan_.distance[from];
        const bool carries = segment.payload > 0 || (segment.flags & (syn | fin)) != 0;
        const bool reset = (segment.flags & rst) != 0, mayBeLost = segment.times < mostTries && !reset;
        const bool data = segment.payload > 1 && (segment.flags & (syn | fin)) == 0;
        bool before = false, behind = false, missed = false;
        if (carries && mayBeLost) {
            before = random_.chance(plan_.lostBefore);
            behind = random_.chance(plan_.lostBehind);
        } else if (!carries && !reset && random_.chance(plan_.ackLost)) {
            before = random_.chance(500'000);
            behind = !before;
        }
        if (data) {
            missed = random_.chance(plan_.missed);
            if (random_.chance(plan_.overtaken)) // less than a round trip
                seen += random_.between(30, std::max(31U, (plan_.distance[0] + plan_.distance[1]) / 2));
        }
        if (before || missed)
            course_.lost[from] += carries ? 1U : 0U;
        if (!before && !missed)
            capture(from, seen, segment);
        if (!before && !behind)
            at(seen + plan_.distance[to], What::Arrival, to, segment);
    }
    hosts_[from].outbox.clear();
}

void Simulation::capture(std::size_t from, Time time, const Segment& segment)
{
    if (plan_.hidden[from])
        return;
    course_.seen.push_back({time, segment, 0, from == server});
    if (segment.payload > 0 && random_.chance(plan_.twice)) {
        Segment again = segment;
        again.marks = seenTwice; // and not once more what the first copy is
        course_.seen.push_back({time + random_.between(2, 9), again, 0, from == server});
    }
}

void Simulation::opening()
{
    hosts_[client].connect(0);
    transmit(client);
    if (plan_.opening == Opening::HalfOpen)
        hosts_[client].vanish();
    if (plan_.opening == Opening::GivenUp)
        at(300'000 + random_.below(500'000), What::Abort, client);
}

void Simulation::happen(const Event& event)
{
    TcpHost& host = hosts_[event.host];
    const TcpPlan::Exchange* const exchange =
        exchange_ < plan_.exchanges.size() ? &plan_.exchanges[exchange_] : nullptr;
    switch (event.what) {
    case What::Arrival:
        host.arrive(event.segment, now_);
        break;
    case What::Request:
        talk_ = Talk::Asked;
        requested_ += exchange->request;
        responded_ += exchange->response;
        host.write(exchange->request, now_);
        if (plan_.stall > 0 && exchange_ + 1 == plan_.exchanges.size()) {
            host.stopReading();
            at(now_ + plan_.stall, What::ReadOn, client);
        }
        break;
    case What::Respond:
        host.write(exchange->response, now_);
        if (plan_.cutShort && exchange_ + 1 == plan_.exchanges.size()) {
            ending_ = true;
            at(now_ + plan_.distance[0] + plan_.distance[1], What::Abort, closer());
        }
        break;
    case What::Close:
        host.close(now_);
        break;
    case What::Abort:
        host.abort();
        break;
    case What::KeepAlive:
        if (host.quiet())
            host.keepAlive(plan_.keepAliveByte);
        break;
    case What::ReadOn:
        host.readOn();
        break;
    case What::SayMore:
        host.write(700, now_);
        break;
    }
}

/// What the applications do next when something has arrived.
void Simulation::application()
{
    if (!hosts_[client].established() || (ending_ && secondClose_))
        return;
    if (!begun_) {
        begun_ = true;
        if (plan_.exchanges.empty())
            end();
        else
            at(now_ + random_.between(30, 400), What::Request, client);
        return;
    }
    if (ending_) {
        const std::size_t second = 1 - closer();
        if (!hosts_[second].peerClosed() || plan_.hosts[second].closesAtOnce)
            return;
        secondClose_ = true;
        if (plan_.ending == Ending::ByClient || plan_.ending == Ending::ByServer)
            at(now_ + random_.between(50, 20'000), What::Close, second);
        else if (plan_.ending == Ending::ClosedThenReset)
            at(now_ + random_.between(50, 20'000), What::Abort, second);
        else if (plan_.ending == Ending::HalfByClient || plan_.ending == Ending::HalfByServer)
            at(now_ + random_.between(50'000, 900'000), What::SayMore, second);
        return;
    }
    if (exchange_ >= plan_.exchanges.size())
        return;
    const TcpPlan::Exchange& exchange = plan_.exchanges[exchange_];
    if (talk_ == Talk::Asked && hosts_[server].received() == requested_) {
        talk_ = Talk::Answering;
        at(now_ + exchange.thinking, What::Respond, server);
    } else if (talk_ == Talk::Answering && hosts_[client].received() == responded_) {
        talk_ = Talk::Idle;
        ++exchange_;
        if (exchange_ < plan_.exchanges.size())
            at(now_ + exchange.pause + random_.between(20, 300), What::Request, client);
        else
            end();
    }
}

void Simulation::end()
{
    ending_ = true;
    Time time = now_ + plan_.lingering;
    for (int i = 0; i < plan_.keepAlives; ++i)
        at(time += plan_.keepAliveEvery, What::KeepAlive, client);
    time += plan_.keepAlives > 0 ? 100'000 : 0;
    switch (plan_.ending) {
    case Ending::Never:
        break;
    case Ending::ResetByClient:
    case Ending::ResetByServer:
        at(time, What::Abort, closer());
        break;
    case Ending::Simultaneous:
        secondClose_ = true;
        at(time, What::Close, client);
        at(time + random_.below(plan_.distance[0]), What::Close, server);
        break;
    case Ending::ByClient:
    case Ending::ByServer:
    case Ending::HalfByClient:
    case Ending::HalfByServer:
    case Ending::ClosedThenReset:
        at(time, What::Close, closer());
        break;
    }
}

TcpCourse Simulation::run()
{
    opening();
    for (;;) {
        const Time timers = std::min(hosts_[client].deadline(), hosts_[server].deadline());
        const Time next = events_.empty() ? TcpHost::never : events_.front().time;
        if (timers == TcpHost::never && next == TcpHost::never)
            break;
        if (timers < next) {
            now_ = std::max(now_, timers);
            const std::size_t host = hosts_[client].deadline() == timers ? client : server;
            hosts_[host].expire(now_);
        } else {
            now_ = std::max(now_, next);
            std::pop_heap(events_.begin(), events_.end());
            const Event event = events_.back();
            events_.pop_back();
            happen(event);
        }
        transmit(client);
        transmit(server);
        application();
        transmit(client);
        transmit(server);
    }
    lookAt(course_, plan_.openingHidden);
    return std::move(course_);
}

} // namespace

std::string_view openingName(Opening opening)
{
    constexpr std::array<std::string_view, 5> names{"normal", "refused", "unanswered", "given_up",
                                                    "half_open"};
    return names.at(static_cast<std::size_t>(opening));
}

std::string_view endingName(Ending ending)
{
    constexpr std::array<std::string_view, 9> names{"by_client",       "by_server",         "simultaneous",
                                                    "half_by_client",  "half_by_server",    "reset_by_client",
                                                    "reset_by_server", "closed_then_reset", "never"};
    return names.at(static_cast<std::size_t>(ending));
}

TcpCourse simulate(const TcpPlan& plan, Random& random)
{
    return Simulation(plan, random).run();
}

} // namespace packetloom::generator
