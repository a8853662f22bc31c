// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/exact_shards.h"

#include "core/flow/exact/exact_tracker.h"
#include "core/run/late_rows.h"
#include "core/run/row_router.h"
#include "core/support/prefetch.h"
#include "core/support/serial_tasks.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds betweenQuestions{20};
constexpr std::size_t rowsUnderWay = 6; // pieces that wait for a shard
constexpr std::size_t tableAhead = 16, placeAhead = 10, connectionAhead = 6,
                      judgedAhead = 3;   // packets fetched before their turn
constexpr std::size_t flowsAhead = 4096; // that may come before memory is asked for again

} // namespace

/// Some rows, and whose they are.
struct ExactShards::Rows
{
    struct Routed
    {
        std::uint64_t hash;
        std::uint32_t index; ///< of rows.packets()
        bool fromHigh;
    };
    struct ShardRows
    {
        std::vector<Routed> packets;
        std::vector<std::uint32_t> ofNoFlow; ///< TCP packets that belong to no flow
    };

    [[nodiscard]] const PacketExtras& extrasAt(std::size_t i) const
    {
        return extras[extras.size() > 1 ? i : 0];
    }
    [[nodiscard]] std::uint64_t endRow() const { return rows.firstRow + (rows.end - rows.begin); }

    KeptRows rows;
    std::vector<PacketExtras> extras; ///< of each, or one for all where none are known
    std::vector<ShardRows> shards;
    RowFigures figures;
    std::int64_t first = 0, newest = 0; ///< times of the first and of the newest row
    bool sorted = true;                 ///< by themselves
    // What the owner knows:
    std::optional<std::int64_t> newestBefore; ///< where not all are in order behind those before them
    std::optional<AddressId> broadcast;
};

/// A tracker and who works on it. All but what is atomic, and `tasks`, belongs to the task at work, or to the
/// owner while there is none.
class ExactShards::Shard
{
public:
    Shard(ExactShards& all, ShardCollector& collector, std::size_t number)
        : all_(all),
          collector_(collector),
          number_(number),
          tracker_(all.ends_.rules,
                   [this](const Connection& flow, EndReason ending) { collector_.exactFlow(flow, ending); }),
          tasks(all.pool_, rowsUnderWay)
    {
    }

    void add(std::shared_ptr<const Rows> rows)
    {
        const auto& own = rows->shards[number_];
        for (const std::uint32_t i : own.ofNoFlow)
            collector_.packetOfNoFlow(rows->rows.packets()[i], rows->rows.firstRow + i);
        Held held{std::move(rows), {}};
        const std::uint64_t endRow = held.rows->endRow();
        if (!all_.lostOrder() && held.rows->newestBefore && !takeLate(held))
            all_.lost_.store(true, std::memory_order_relaxed);
        held_.push_back(std::move(held));
        if (all_.lostOrder())
            giveUp();
        while (!held_.empty() && held_.front().rows->endRow() + all_.ends_.held < endRow) {
            track(held_.front());
            held_.pop_front();
        }
        noteCounts();
    }

    void finish(std::int64_t newest)
    {
        if (all_.lostOrder())
            giveUp();
        for (; !held_.empty(); held_.pop_front())
            track(held_.front());
        while (!late_.empty())
            trackLate();
        tracker_.finish(newest);
        noteCounts();
    }

    [[nodiscard]] std::uint64_t openedFlows() const { return opened_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t openFlows() const { return open_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t growth() const { return growth_.load(std::memory_order_relaxed); }

private:
    struct Held
    {
        std::shared_ptr<const Rows> rows;
        std::vector<bool> late; ///< which of the shard's packets are among the late ones; none: none is
    };

    // Takes out what is behind its time. False where others that should follow it have gone already.
    bool takeLate(Held& held)
    {
        const Rows& rows = *held.rows;
        const auto packets = rows.rows.packets();
        const auto& own = rows.shards[number_].packets;
        std::int64_t newest = *rows.newestBefore;
        held.late.resize(own.size());
        bool inTime = true;
        for (std::size_t i = 0; i < own.size(); ++i) {
            const auto& [hash, index, fromHigh] = own[i];
            const Packet& packet = packets[index];
            if (packet.timestamp >= newest) {
                newest = packet.timestamp;
                continue;
            }
            held.late[i] = true;
            late_.add({packet, rows.extrasAt(index), hash, rows.rows.firstRow + index, fromHigh});
            inTime = inTime && packet.timestamp >= tracked_;
        }
        return inTime;
    }

    void track(const Held& held)
    {
        const Rows& rows = *held.rows;
        const auto packets = rows.rows.packets();
        const auto& own = rows.shards[number_].packets;
        tracker_.setBroadcast(rows.broadcast);
        for (std::size_t i = 0; i < own.size(); ++i) {
            if (i + tableAhead < own.size()) {
                prefetchLines(&packets[own[i + tableAhead].index], sizeof(Packet));
                tracker_.prefetch(own[i + tableAhead].hash);
                tracker_.prefetchPlace(own[i + placeAhead].hash);
                tracker_.prefetchConnection(own[i + connectionAhead].hash);
                tracker_.prefetchJudged(own[i + judgedAhead].hash);
            }
            if (!held.late.empty() && held.late[i])
                continue;
            const auto& [hash, index, fromHigh] = own[i];
            const Packet& packet = packets[index];
            const std::uint64_t row = rows.rows.firstRow + index;
            while (late_.before(packet.timestamp, row))
                trackLate();
            track(packet, rows.extrasAt(index), hash, fromHigh, row);
        }
    }
    void trackLate()
    {
        const LateRows::Row late = late_.take();
        track(late.packet, late.extras, late.hash, late.fromHigh, late.row);
    }
    void track(const Packet& packet, const PacketExtras& extras, std::uint64_t hash, bool fromHigh,
               std::uint64_t row)
    {
        tracked_ = packet.timestamp;
        bool sameFromHigh = fromHigh;
        if (const auto key = ConnectionKey::of(packet, extras, sameFromHigh))
            tracker_.add(*key, hash, fromHigh, packet, extras, row);
    }

    // What was told does not hold. The packets of all flows are still to be counted.
    void giveUp()
    {
        if (!std::exchange(gaveUp_, true)) {
            collector_.voidExactFlows();
            tracker_.abandon([this](const Connection& flow) { collector_.countOf(flow); });
        }
        for (; !late_.empty();) {
            const LateRows::Row late = late_.take();
            if (late.packet.isTcp())
                collector_.packetOfNoFlow(late.packet, late.row);
        }
        for (; !held_.empty(); held_.pop_front()) {
            const auto& [rows, late] = held_.front();
            const auto& own = rows->shards[number_].packets;
            for (std::size_t i = 0; i < own.size(); ++i) {
                const Packet& packet = rows->rows.packets()[own[i].index];
                if (packet.isTcp() && (late.empty() || !late[i]))
                    collector_.packetOfNoFlow(packet, rows->rows.firstRow + own[i].index);
            }
        }
    }

    void noteCounts()
    {
        growth_.store(tracker_.growth(flowsAhead) + collector_.growth(flowsAhead), std::memory_order_relaxed);
        opened_.store(gaveUp_ ? 0 : tracker_.openedFlows(), std::memory_order_relaxed);
        open_.store(tracker_.openFlows(), std::memory_order_relaxed);
    }

    ExactShards& all_;
    ShardCollector& collector_;
    std::size_t number_;
    ExactTracker tracker_;
    std::deque<Held> held_;
    LateRows late_;
    std::int64_t tracked_ = std::numeric_limits<std::int64_t>::min(); ///< time of the last packet that went
    bool gaveUp_ = false;
    std::atomic<std::uint64_t> opened_{0}, open_{0}, growth_{0};

public:
    SerialTasks tasks; ///< last: they use the others
};

ExactShards::ExactShards(TaskPool& pool, Ends ends, PacketStats stats, AddressMarks& marks)
    : pool_(pool), ends_(std::move(ends)), stats_(stats), marks_(marks), routing_(pool)
{
    for (std::size_t i = 0; i < ends_.collectors.size(); ++i)
        shards_.push_back(std::make_unique<Shard>(*this, *ends_.collectors[i], i));
}

ExactShards::~ExactShards()
{
    stop();
}

// Any thread, any order.
void ExactShards::route(Rows& rows) const
{
    rows.shards.resize(shards_.size());
    for (auto& shard : rows.shards) {
        shard.packets.clear();
        shard.ofNoFlow.clear();
    }
    const auto packets = rows.rows.packets();
    const DetailColumns& details = rows.rows.batch->details;
    rows.extras.assign(details.any() ? packets.size() : 1, {});
    if (details.any()) {
        for (std::size_t i = 0; i < packets.size(); ++i)
            rows.extras[i] = extrasOf(details, rows.rows.begin + i);
    }
    rows.figures.begin(packets, stats_);
    rows.first = rows.newest = packets.front().timestamp;
    rows.sorted = true;
    for (std::uint32_t i = 0; i < packets.size(); ++i) {
        const Packet& packet = packets[i];
        rows.figures.add(packet, stats_, marks_);
        rows.sorted = rows.sorted && packet.timestamp >= rows.newest;
        rows.newest = std::max(rows.newest, packet.timestamp);
        bool fromHigh = false;
        const auto key = ConnectionKey::of(packet, rows.extrasAt(i), fromHigh);
        const auto low = std::min(packet.source, packet.destination),
                   high = std::max(packet.source, packet.destination);
        const std::uint64_t pair = hash_.pair(low, high);
        auto& shard = rows.shards[shardOf(pair, shards_.size())];
        if (key)
            shard.packets.push_back({hash_.rest(pair, *key), i, fromHigh});
        else if (packet.isTcp())
            shard.ofNoFlow.push_back(i);
    }
    rows.figures.end();
}

bool ExactShards::add(const KeptRows& rows)
{
    auto routed = recycler_.take();
    routed->rows = rows;
    routing_.push([this, routed = std::move(routed)] {
        route(*routed);
        return routed;
    });
    while (routing_.size() > 2 * std::size_t{pool_.threads()} || routing_.ready()) {
        if (!dispatch())
            return false;
    }
    return true;
}

// The oldest rows go to the shards.
bool ExactShards::dispatch()
{
    while (!routing_.waitFor(betweenQuestions)) {
        if (!workGoesOn())
            return false;
    }
    const std::shared_ptr<Rows> rows = routing_.pop();
    rows->newestBefore.reset();
    if (!rows->sorted || rows->first < newest_)
        rows->newestBefore = newest_;
    newest_ = std::max(newest_, rows->newest);
    if (!broadcast_)
        broadcast_ = ends_.addresses->find("255.255.255.255");
    rows->broadcast = broadcast_;
    ends_.routed(rows->rows, rows->figures);
    for (std::size_t i = 0; i < shards_.size(); ++i) {
        const auto& own = rows->shards[i];
        if (!own.packets.empty() || !own.ofNoFlow.empty())
            shards_[i]->tasks.push([shard = shards_[i].get(), rows] { shard->add(rows); });
    }
    return true;
}

bool ExactShards::finish()
{
    while (!routing_.empty()) {
        if (!dispatch())
            return false;
    }
    for (const auto& shard : shards_)
        shard->tasks.push([shard = shard.get(), newest = newest_] { shard->finish(newest); });
    for (const auto& shard : shards_) {
        while (!shard->tasks.idleWithin(betweenQuestions)) {
            if (!workGoesOn())
                return false;
        }
        shard->tasks.finish();
    }
    // One that lost it after another had ended.
    if (lostOrder()) {
        for (const auto& shard : shards_)
            shard->finish(newest_);
    }
    ends_.quiet();
    return workGoesOn();
}

bool ExactShards::workGoesOn()
{
    if (std::this_thread::get_id() == owner_ && !stopped_ && !ends_.goOn())
        stopped_ = true;
    return !stopped_;
}

std::uint64_t ExactShards::openedFlows() const
{
    std::uint64_t flows = 0;
    for (const auto& shard : shards_)
        flows += shard->openedFlows();
    return flows;
}

std::uint64_t ExactShards::openFlows() const
{
    std::uint64_t flows = 0;
    for (const auto& shard : shards_)
        flows += shard->openFlows();
    return flows;
}

std::uint64_t ExactShards::growth() const
{
    std::uint64_t bytes = 0;
    for (const auto& shard : shards_)
        bytes += shard->growth();
    return bytes;
}

} // namespace packetloom
