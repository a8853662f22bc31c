// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/flow_shards.h"

#include "core/support/serial_tasks.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds betweenQuestions{20};
constexpr std::size_t rowsUnderWay = 6;     // pieces that wait for a shard
constexpr std::size_t keysAhead = 10;       // flows whose pairs are fetched before their turn
constexpr std::size_t flowsAQuestion = 256; // judged between two looks at whether to go on
constexpr std::size_t flowsAhead = 4096;    // that may come before memory is asked for again

} // namespace

/// A connection table and who works on it. All but `tasks` belongs to the task at work, or to the owner
/// while there is none.
class FlowShards::Shard final : private FlowSink
{
public:
    Shard(FlowShards& all, std::int64_t timeoutSeconds, const std::filesystem::path& folder,
          const FlowKeyHash& hash, ShardCollector& collector)
        : tracker(timeoutSeconds, folder, FlowTracker::defaultSpillBytes, hash),
          all_(all),
          collector_(collector),
          unpacker_(folder),
          judge_(all.ends_.engine->makeJudge()),
          tasks(all.pool_, rowsUnderWay)
    {
    }

    void add(const RoutedRows& routed, std::size_t number)
    {
        const auto& rows = routed.shards[number];
        const auto packets = routed.rows.packets();
        tracker.add(packets, rows.packets, routed.rows.firstRow);
        for (const std::uint32_t i : rows.ofNoFlow)
            collector_.packetOfNoFlow(packets[i], routed.rows.firstRow + i);
        noteCounts();
    }

    /// Which flows were opened since the last judgement in each shard: the rows of their first packets.
    struct Opened
    {
        std::uint64_t before = 0; ///< flows that have their number
        std::vector<std::vector<std::uint64_t>> rows;
    };
    // Flows are numbered in order of first packet, and each shard has its own in that order. So each can find
    // the numbers of its own, beside the others.
    void number(const Opened& opened, std::size_t number)
    {
        const auto& own = opened.rows[number];
        std::vector<std::uint64_t> numbers(own.size());
        for (std::size_t i = 0; i < own.size(); ++i)
            numbers[i] = opened.before + i + 1;
        for (std::size_t shard = 0; shard < opened.rows.size(); ++shard) {
            const auto& rows = opened.rows[shard];
            if (shard == number)
                continue;
            std::size_t earlier = 0;
            for (std::size_t i = 0; i < own.size(); ++i) {
                while (earlier < rows.size() && rows[earlier] < own[i])
                    ++earlier;
                numbers[i] += earlier;
            }
        }
        tracker.setNumbers(numbers);
    }

    /// Nothing for all that are open.
    void judge(std::optional<std::int64_t> newest)
    {
        judged = newest ? &tracker.complete(*newest) : &tracker.open();
        if (all_.ends_.inOrder)
            return; // the owner takes them
        for (std::size_t i = 0; i < judged->size() && !error; ++i) {
            if (i % flowsAQuestion == 0) {
                noteCounts();
                if (!all_.workGoesOn())
                    return;
            }
            tracker.prefetch(*judged, i);
            if (i + 2 * keysAhead < judged->size())
                collector_.prefetch(tracker.key((*judged)[i + 2 * keysAhead]),
                                    tracker.key((*judged)[i + keysAhead]));
            tracker.handOver((*judged)[i], *this);
        }
        noteCounts();
    }

    /// For the owner, while others work.
    [[nodiscard]] std::uint64_t openedFlows() const { return opened_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t openFlows() const { return open_.load(std::memory_order_relaxed); }
    [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t growth() const { return growth_.load(std::memory_order_relaxed); }
    void noteCounts()
    {
        growth_.store(tracker.growth(flowsAhead) + collector_.growth(flowsAhead), std::memory_order_relaxed);
        opened_.store(tracker.openedFlows(), std::memory_order_relaxed);
        open_.store(tracker.openFlows(), std::memory_order_relaxed);
        if (error || tracker.failure())
            failed_.store(true, std::memory_order_relaxed);
    }

    FlowTracker tracker;
    const std::vector<FlowTracker::Slot>* judged = nullptr;
    FlowTally tally;
    std::optional<Error> error;

private:
    bool take(const PackedFlow& packed) override
    {
        const CompletedFlow flow = unpacker_.unpack(packed, [this] { return all_.workGoesOn(); });
        if ((error = flow.packets.failure()))
            return false;
        const FlowLife& life = judge_->judge(flow);
        tally.add(flow, life);
        collector_.flow(flow, life);
        error = flow.packets.failure();
        return !error;
    }

    FlowShards& all_;
    ShardCollector& collector_;
    FlowUnpacker unpacker_;
    std::unique_ptr<FlowJudge> judge_;
    std::atomic<std::uint64_t> opened_{0}, open_{0}, growth_{0};
    std::atomic<bool> failed_{false};

public:
    SerialTasks tasks; ///< last: they use the others
};

FlowShards::FlowShards(std::int64_t timeoutSeconds, const std::filesystem::path& folder, TaskPool& pool,
                       Ends ends, PacketStats stats, AddressMarks& marks)
    : pool_(pool),
      ends_(std::move(ends)),
      router_(shardsFor(pool), FlowKeyHash(), stats, marks),
      routing_(pool)
{
    for (std::size_t i = 0; i < shardsFor(pool); ++i)
        shards_.push_back(
            std::make_unique<Shard>(*this, timeoutSeconds, folder, router_.hash(), *ends_.collectors[i]));
}

FlowShards::~FlowShards()
{
    stop();
}

bool FlowShards::add(const KeptRows& rows)
{
    auto routed = recycler_.take();
    routed->rows = rows;
    routing_.push([this, routed = std::move(routed)] {
        router_.route(*routed);
        return routed;
    });
    while (routing_.size() > 2 * std::size_t{pool_.threads()} || routing_.ready()) {
        if (!dispatch())
            return false;
    }
    return std::none_of(shards_.begin(), shards_.end(), [](const auto& shard) { return shard->failed(); });
}

// The oldest rows go to the shards.
bool FlowShards::dispatch()
{
    while (!routing_.waitFor(betweenQuestions)) {
        if (!workGoesOn())
            return false;
    }
    const std::shared_ptr<const RoutedRows> routed = routing_.pop();
    if (const auto newest = routed->figures.newest)
        newest_ = std::max(newest_.value_or(*newest), *newest);
    ends_.routed(routed->rows, routed->figures);
    for (std::size_t i = 0; i < shards_.size(); ++i) {
        const auto& rows = routed->shards[i];
        if (!rows.packets.empty() || !rows.ofNoFlow.empty())
            shards_[i]->tasks.push([shard = shards_[i].get(), routed, i] { shard->add(*routed, i); });
    }
    return true;
}

bool FlowShards::drain()
{
    while (!routing_.empty()) {
        if (!dispatch())
            return false;
    }
    return true;
}

// Until no thread works on a shard.
bool FlowShards::wait()
{
    for (const auto& shard : shards_) {
        while (!shard->tasks.idleWithin(betweenQuestions)) {
            if (!workGoesOn())
                return false;
        }
        shard->tasks.finish();
        shard->noteCounts();
    }
    return !failure() && workGoesOn();
}

bool FlowShards::endReadChunk(std::optional<std::int64_t> newest)
{
    if (!drain())
        return false;
    if (newest)
        newest_ = std::max(newest_.value_or(*newest), *newest);
    if (!newest_)
        return true;
    return judge(std::exchange(newest_, std::nullopt));
}

bool FlowShards::finish()
{
    if (!drain() || !judge(std::nullopt) || !wait())
        return false;
    ends_.quiet();
    return true;
}

// Nothing for all flows that are open.
bool FlowShards::judge(std::optional<std::int64_t> newest)
{
    if (!wait())
        return false;
    ends_.quiet(); // of the judgement before this one
    const auto opened = std::make_shared<Shard::Opened>();
    opened->before = numbered_;
    for (const auto& shard : shards_) {
        opened->rows.push_back(shard->tracker.takeUnnumbered());
        numbered_ += opened->rows.back().size();
    }
    for (std::size_t i = 0; i < shards_.size(); ++i) {
        shards_[i]->tasks.push([shard = shards_[i].get(), newest, opened, i] {
            shard->number(*opened, i);
            shard->judge(newest);
        });
    }
    return ends_.inOrder ? wait() && handOverInOrder() : true;
}

// The complete flows of all shards in order of their numbers.
bool FlowShards::handOverInOrder()
{
    struct Rest
    {
        FlowTracker* tracker;
        std::span<const FlowTracker::Slot> slots;
        std::uint64_t number; ///< of the first
    };
    std::vector<Rest> rests;
    for (const auto& shard : shards_) {
        if (!shard->judged->empty())
            rests.push_back({&shard->tracker, *shard->judged, shard->tracker.number(shard->judged->front())});
    }
    while (!rests.empty()) {
        const auto least = std::min_element(rests.begin(), rests.end(),
                                            [](const Rest& a, const Rest& b) { return a.number < b.number; });
        const auto slot = least->slots.front();
        least->slots = least->slots.subspan(1);
        least->tracker->prefetch(least->slots, 0);
        if (!least->tracker->handOver(slot, *ends_.inOrder))
            return false;
        if (least->slots.empty())
            rests.erase(least);
        else
            least->number = least->tracker->number(least->slots.front());
    }
    for (const auto& shard : shards_)
        shard->noteCounts();
    return true;
}

// A flow of millions of packets takes minutes. Whoever works hears when that is not wanted any more, and
// where it is the owner, it is also who asks.
bool FlowShards::workGoesOn()
{
    if (std::this_thread::get_id() == owner_ && !stopped_ && !ends_.goOn())
        stopped_ = true;
    return !stopped_;
}

std::optional<Error> FlowShards::failure() const
{
    for (const auto& shard : shards_) {
        if (!shard->failed())
            continue;
        shard->tasks.finish(); // whoever reads it must not meet who writes it
        return shard->error ? shard->error : shard->tracker.failure();
    }
    return std::nullopt;
}

FlowTally FlowShards::tally() const
{
    FlowTally tally;
    for (const auto& shard : shards_)
        tally += shard->tally;
    return tally;
}

std::uint64_t FlowShards::openedFlows() const
{
    std::uint64_t flows = 0;
    for (const auto& shard : shards_)
        flows += shard->openedFlows();
    return flows;
}

std::uint64_t FlowShards::growth() const
{
    std::uint64_t bytes = 0;
    for (const auto& shard : shards_)
        bytes += shard->growth();
    return bytes;
}

std::uint64_t FlowShards::openFlows() const
{
    std::uint64_t flows = 0;
    for (const auto& shard : shards_)
        flows += shard->openFlows();
    return flows;
}

} // namespace packetloom
