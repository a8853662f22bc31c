// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/traffic.h"

#include <algorithm>

namespace packetloom::generator {
namespace {

constexpr std::uint64_t secondMicros = 1'000'000;
constexpr std::uint64_t shortestPause = 100; // below it, a correction by percents could be none
constexpr std::uint64_t longestPause = 1000 * secondMicros;

static_assert(static_cast<int>(Fate::BadHandshake) == static_cast<int>(Kind::BadHandshake));

// What a conversation sends between two pauses, roughly; the start value of a controlled quantity.
constexpr std::uint64_t packetsPerPause = 9;

// Weights of the kinds when a conversation is begun. A scan stands for many flows, so it is begun less often.
std::array<std::uint32_t, kindCount> weights(const GeneratorOptions& options)
{
    const std::array<double, kindCount - 1> shares{
        options.longShare,    options.refusedShare,      options.resetShare,    options.oneWayShare,
        options.ongoingShare, options.badHandshakeShare, options.scanShare,     options.synFloodShare,
        options.udpShare,     options.sweepShare,        options.simulatedShare};
    std::array<std::uint32_t, kindCount> result{};
    std::uint32_t all = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const std::uint32_t share = perMillion(shares[i]);
        const auto kind = static_cast<Kind>(i + 1);
        const std::uint32_t flows = kind == Kind::Scan       ? PortScan::probes
                                    : kind == Kind::SynFlood ? SynFlood::packets
                                                             : 1;
        all += share;
        result[i + 1] = share * 100 / flows;
    }
    result[0] = all < 1'000'000 ? (1'000'000 - all) * 100 : 0;
    return result;
}

} // namespace

Traffic::Traffic(const GeneratorOptions& options, HostPool& hosts, Random& random, TruthWriter* truth)
    : hosts_(hosts),
      random_(random),
      disturbances_{perMillion(options.outOfOrderShare), perMillion(options.duplicateShare)},
      longTransfers_(options.longTransfers),
      slots_(options.concurrency),
      truth_(truth),
      told_(truth != nullptr ? options.concurrency : 0),
      troubledPerMillion_(perMillion(options.troubleShare)),
      flowsLeft_(options.flows > 0 ? options.flows : ~std::uint64_t{0}),
      heap_(options.concurrency),
      rate_(options.packetsPerSecond),
      pause_(options.concurrency * packetsPerPause * secondMicros / options.packetsPerSecond),
      start_(options.startTime),
      windowStart_(options.startTime),
      windowEnd_(2048 + 8 * std::uint64_t{options.concurrency})
{
    pause_ = std::clamp(pause_, shortestPause, longestPause);
    std::uint32_t sum = 0;
    const auto each = weights(options);
    for (std::size_t i = 0; i < kindCount; ++i)
        cumulated_[i] = sum += each[i];
    for (std::uint32_t i = 0; i < options.concurrency; ++i)
        heap_[i] = {start_ + (i == 0 ? 0 : random_.below(static_cast<std::uint32_t>(pause_))), i};
    std::sort(heap_.begin(), heap_.end()); // sorted is heaped
}

bool Traffic::next(Packet& packet)
{
    packet.window = Packet::usual;
    packet.windowScale = packet.segmentSize = Packet::usual;
    packet.echo = 0;
    while (!heap_.empty()) {
        const Event now = heap_.front();
        Conversation& conversation = slots_[now.slot];
        if (std::holds_alternative<std::monostate>(conversation)) {
            if (flowsLeft_ == 0) {
                retire();
                continue;
            }
            begin(now.slot);
        }
        packet.marks = 0;
        const Step step = advance(conversation, packet);
        if (step.captured) {
            packet.time = now.time;
            if (auto* const flow = std::get_if<SimulatedFlow>(&conversation))
                flow->captured(packet, truth_);
        }
        if (truth_ != nullptr)
            tell(now.slot, packet, step);
        std::uint64_t delay = step.delay;
        if (step.finished) {
            conversation = std::monostate{};
            delay += random_.below(static_cast<std::uint32_t>(pause_ / 2) + 1);
        }
        reschedule(delay);
        if (step.captured) {
            if (++rows_ == windowEnd_)
                adjustPause();
            return true;
        }
    }
    return false;
}

// Takes the earliest slot away: it would not begin another conversation.
void Traffic::retire()
{
    heap_.front() = heap_.back();
    heap_.pop_back();
    if (!heap_.empty())
        reschedule(0);
}

void Traffic::tell(std::uint32_t slot, const Packet& packet, const Step& step)
{
    if (std::holds_alternative<SimulatedFlow>(slots_[slot]))
        return;
    Told& told = told_[slot];
    if (step.captured) {
        const auto found = std::find_if(told.flows.rbegin(), told.flows.rend(),
                                        [&](const TrueFlow& flow) { return flow.holds(packet); });
        if (found != told.flows.rend()) {
            found->add(packet);
        } else {
            // Who began a session is known even where its first packets were not captured.
            const bool session = std::holds_alternative<TcpSession>(slots_[slot]);
            told.flows.emplace_back(kindName(told.kind), session ? told.client : packet.source,
                                    session ? told.clientPort : packet.sourcePort);
            told.flows.back().add(packet);
        }
    }
    if (!step.finished)
        return;
    for (TrueFlow& flow : told.flows) {
        flow.finished();
        truth_->write(flow);
    }
    told.flows.clear();
}

void Traffic::tellRest()
{
    for (std::size_t slot = 0; slot < told_.size(); ++slot) {
        for (const TrueFlow& flow : told_[slot].flows)
            truth_->write(flow);
        if (const auto* const flow = std::get_if<SimulatedFlow>(&slots_[slot]))
            flow->cut(*truth_);
    }
}

void Traffic::begin(std::uint32_t slot)
{
    Conversation& conversation = slots_[slot];
    --flowsLeft_;
    const std::uint32_t dice = random_.below(cumulated_.back());
    const auto kind = static_cast<std::size_t>(std::upper_bound(cumulated_.begin(), cumulated_.end(), dice) -
                                               cumulated_.begin());
    ++begun_[kind];
    const bool flood = static_cast<Kind>(kind) == Kind::SynFlood;
    const Path path = hosts_.connection(random_, flood ? HostPool::Family::Ipv4 : HostPool::Family::Any);
    if (truth_ != nullptr) {
        told_[slot].kind = static_cast<Kind>(kind);
        told_[slot].client = path.client;
        told_[slot].clientPort = path.clientPort;
    }
    switch (static_cast<Kind>(kind)) {
    case Kind::Scan:
        conversation.emplace<PortScan>(path, random_);
        break;
    case Kind::SynFlood:
        conversation.emplace<SynFlood>(path, random_);
        break;
    case Kind::Udp:
        conversation.emplace<UdpExchange>(path, random_);
        break;
    case Kind::Sweep:
        conversation.emplace<SweepProbe>(hosts_.sweep(sweepProbes_++, random_));
        break;
    case Kind::Simulated: {
        const std::pair ends{path.client, path.server};
        const auto& flow = conversation.emplace<SimulatedFlow>(
            path, troubledPerMillion_, !pinged_.contains(ends), static_cast<std::uint32_t>(pause_), random_);
        if (flow.pings())
            pinged_.insert(ends);
        break;
    }
    case Kind::Web:
    case Kind::Long:
    case Kind::Refused:
    case Kind::Reset:
    case Kind::OneWay:
    case Kind::Ongoing:
    case Kind::BadHandshake:
        conversation.emplace<TcpSession>(static_cast<Fate>(kind), path, disturbances_, longTransfers_,
                                         random_);
        break;
    }
}

Step Traffic::advance(Conversation& conversation, Packet& packet)
{
    const auto pause = static_cast<std::uint32_t>(pause_);
    if (auto* const session = std::get_if<TcpSession>(&conversation)) [[likely]]
        return session->advance(packet, random_, pause);
    if (auto* const scan = std::get_if<PortScan>(&conversation))
        return scan->advance(packet, random_);
    if (auto* const flood = std::get_if<SynFlood>(&conversation))
        return flood->advance(packet, hosts_, random_);
    if (auto* const probe = std::get_if<SweepProbe>(&conversation))
        return probe->advance(packet, random_);
    if (auto* const flow = std::get_if<SimulatedFlow>(&conversation))
        return flow->advance(packet, random_, pause);
    return std::get<UdpExchange>(conversation).advance(packet, random_, pause);
}

void Traffic::reschedule(std::uint64_t delay)
{
    Event event = heap_.front();
    event.time += delay;
    const std::size_t size = heap_.size();
    std::size_t hole = 0;
    for (;;) {
        const std::size_t first = 4 * hole + 1;
        if (first >= size)
            break;
        std::size_t least = first;
        for (std::size_t child = first + 1, end = std::min(first + 4, size); child < end; ++child) {
            if (heap_[child] < heap_[least])
                least = child;
        }
        if (!(heap_[least] < event))
            break;
        heap_[hole] = heap_[least];
        hole = least;
    }
    heap_[hole] = event;
}

// Pauses are what there is to steer: round trips and the conversations' own course are given.
void Traffic::adjustPause()
{
    const std::uint64_t now = heap_.front().time;
    const std::uint64_t window = rows_ - windowRows_;
    const std::uint64_t planned = window * secondMicros / rate_;
    const std::uint64_t taken = std::max<std::uint64_t>(now - windowStart_, 1);
    // A window that went too fast lengthens the pauses by up to a quarter, a slow one shortens them as much;
    // half of that for being late or early since the start.
    const auto correction = [](std::uint64_t wanted, std::uint64_t had) {
        return std::clamp<std::uint64_t>(wanted * 1000 / had, 750, 1250);
    };
    const std::uint64_t plannedTotal = rows_ / rate_ * secondMicros + rows_ % rate_ * secondMicros / rate_;
    const std::uint64_t total = correction(plannedTotal, std::max<std::uint64_t>(now - start_, 1));
    pause_ = pause_ * correction(planned, taken) / 1000 * (1000 + total) / 2000;
    pause_ = std::clamp(pause_, shortestPause, longestPause);
    windowStart_ = now;
    windowRows_ = rows_;
    windowEnd_ = rows_ + 1024 + 4 * static_cast<std::uint64_t>(heap_.size());
}

} // namespace packetloom::generator
