// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/exact_flows.h"

#include "core/analysis/analysis.h"
#include "core/analysis/exact_flow_pieces.h"
#include "core/analysis/time_order.h"
#include "core/flow/exact/exact_tracker.h"
#include "core/support/guard.h"
#include "core/support/ordered_tasks.h"
#include "core/support/recycler.h"
#include "core/support/serial_tasks.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t blocksATask = 4;     // of the spool
constexpr std::size_t batchesUnderWay = 6; // that wait for a shard
constexpr std::size_t packetsAhead = 8;    // whose places are fetched before their turn

/// Some rows that follow each other in time, and whose they are.
struct Batch
{
    struct Routed
    {
        ConnectionKey key;
        std::uint64_t hash;
        std::uint32_t index;
        bool fromHigh;
    };
    std::vector<Packet> packets;
    std::vector<PacketExtras> extras;
    std::vector<std::uint64_t> rows;
    std::vector<std::vector<Routed>> shards;
};

/// A tracker and what came out of it. One thread at a time.
class Shard
{
public:
    Shard(const ExactRules& rules, std::optional<AddressId> broadcast)
        : tracker_(rules,
                   [this](const Connection& flow, EndReason ending) { made.add(flow.flow(ending)); })
    {
        tracker_.setBroadcast(broadcast);
    }

    void add(const Batch& batch, std::size_t number)
    {
        const auto& routed = batch.shards[number];
        for (std::size_t i = 0; i < routed.size(); ++i) {
            if (i + packetsAhead < routed.size())
                tracker_.prefetch(routed[i + packetsAhead].hash);
            const auto& [key, hash, index, fromHigh] = routed[i];
            tracker_.add(key, hash, fromHigh, batch.packets[index], batch.extras[index], batch.rows[index]);
        }
    }
    void finish(std::int64_t newest) { tracker_.finish(newest); }

    ExactFlowPieces made;

private:
    ExactTracker tracker_;
};

} // namespace

/// Batches are read and routed side by side, and go to the shards in order.
class ExactFlowsBuilder
{
public:
    ExactFlowsBuilder(const Analysis& analysis, const ExactRules& rules, unsigned threads, StopFlag stop)
        : rules_(rules), spool_(analysis.spool), stop_(stop), pool_(threads)
    {
        for (std::size_t i = 0; i < pool_.threads(); ++i) {
            shards_.push_back(std::make_unique<Shard>(rules, analysis.addresses.find("255.255.255.255")));
            tasks_.push_back(std::make_unique<SerialTasks>(pool_, batchesUnderWay));
        }
    }

    Result<ExactFlowsPtr> build()
    {
        if (auto tracked = spool_.inOrder() ? trackInOrder() : trackSorted(); !tracked)
            return std::move(tracked).error();
        for (std::size_t i = 0; i < shards_.size(); ++i)
            tasks_[i]->push([this, i] { shards_[i]->finish(newest_); });
        for (const auto& tasks : tasks_)
            tasks->finish();
        std::vector<ExactFlowPieces*> made;
        for (const auto& shard : shards_)
            made.push_back(&shard->made);
        return exactFlowsFrom(made, rules_);
    }

private:
    using BatchPtr = std::shared_ptr<Batch>;

    // Blocks are read side by side.
    Result<void> trackInOrder()
    {
        OrderedTasks<Result<BatchPtr>> reading(pool_);
        const std::size_t blocks = spool_.blocks();
        std::size_t next = 0;
        while (next < blocks || !reading.empty()) {
            while (next < blocks && reading.size() <= 2 * std::size_t{pool_.threads()}) {
                const std::size_t begin = std::exchange(next, std::min(next + blocksATask, blocks));
                reading.push([this, begin, end = next] { return read(begin, end); });
            }
            if (stopped(stop_))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
            auto batch = reading.pop();
            if (!batch)
                return std::move(batch).error();
            dispatch(*std::move(batch));
        }
        return {};
    }

    Result<void> trackSorted()
    {
        TimeOrder order(spool_, stop_);
        TimeOrderedRows rows;
        for (;;) {
            const auto more = order.next(rows);
            if (!more)
                return more.error();
            if (!*more)
                return {};
            BatchPtr batch = recycler_.take();
            batch->packets.assign(rows.packets.begin(), rows.packets.end());
            batch->extras.assign(rows.extras.begin(), rows.extras.end());
            batch->rows.assign(rows.rows.begin(), rows.rows.end());
            route(*batch);
            dispatch(std::move(batch));
        }
    }

    Result<BatchPtr> read(std::size_t begin, std::size_t end)
    {
        BatchPtr batch = recycler_.take();
        batch->packets.clear();
        batch->extras.clear();
        batch->rows.clear();
        PacketSpool::Reader reader(spool_);
        for (std::size_t block = begin; block < end; ++block) {
            if (auto loaded = reader.load(block); !loaded)
                return std::move(loaded).error();
            batch->packets.insert(batch->packets.end(), reader.packets().begin(), reader.packets().end());
            if (spool_.knowsExtras())
                batch->extras.insert(batch->extras.end(), reader.extras().begin(), reader.extras().end());
            else
                batch->extras.resize(batch->packets.size());
            for (std::size_t i = 0; i < reader.packets().size(); ++i)
                batch->rows.push_back(reader.firstRow() + i);
        }
        route(*batch);
        return batch;
    }

    void route(Batch& batch) const
    {
        batch.shards.resize(shards_.size());
        for (auto& routed : batch.shards)
            routed.clear();
        for (std::uint32_t i = 0; i < batch.packets.size(); ++i) {
            bool fromHigh = false;
            const auto key = ConnectionKey::of(batch.packets[i], batch.extras[i], fromHigh);
            if (!key)
                continue;
            const std::uint64_t hash = hash_(*key);
            const auto shard = static_cast<std::size_t>((hash >> 32) * shards_.size() >> 32);
            batch.shards[shard].push_back({*key, hash, i, fromHigh});
        }
    }

    void dispatch(BatchPtr batch)
    {
        for (const Packet& packet : batch->packets)
            newest_ = std::max(newest_, packet.timestamp);
        for (std::size_t i = 0; i < shards_.size(); ++i) {
            if (!batch->shards[i].empty())
                tasks_[i]->push([this, batch, i] { shards_[i]->add(*batch, i); });
        }
    }

    ExactRules rules_;
    const PacketSpool& spool_;
    StopFlag stop_;
    TaskPool pool_;
    ConnectionKeyHash hash_;
    std::int64_t newest_ = std::numeric_limits<std::int64_t>::min();
    Recycler<Batch> recycler_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::vector<std::unique_ptr<SerialTasks>> tasks_; ///< last: they use the others
};

std::uint64_t ExactFlows::bytes() const
{
    std::uint64_t bytes = places_.capacity() * sizeof(Place);
    for (const auto& piece : pieces_)
        bytes += piece.capacity();
    return bytes;
}

Result<ExactFlowsPtr> exactFlowsOf(const Analysis& analysis, const ExactRules& rules, unsigned threads,
                                   StopFlag stop)
{
    return guarded([&]() -> Result<ExactFlowsPtr> {
        const std::lock_guard lock(analysis.exactFlows.mutex_);
        ExactFlowsPtr& made = analysis.exactFlows.made_;
        if (!made || made->rules() != rules) {
            auto flows = ExactFlowsBuilder(analysis, rules, threads, stop).build();
            if (!flows)
                return flows;
            made = *std::move(flows);
        }
        return made;
    });
}

} // namespace packetloom
