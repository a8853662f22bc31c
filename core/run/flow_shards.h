// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_engine.h"
#include "core/flow/packed_flow.h"
#include "core/run/row_router.h"
#include "core/stats/flow_tally.h"
#include "core/support/ordered_tasks.h"
#include "core/support/recycler.h"
#include "core/support/task_pool.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace packetloom {

/// What a shard's flows and packets are counted in. One thread at a time calls it.
class ShardCollector
{
public:
    ShardCollector() = default;
    ShardCollector(const ShardCollector&) = delete;
    ShardCollector& operator=(const ShardCollector&) = delete;
    virtual ~ShardCollector() = default;

    /// A TCP packet that belongs to no flow; the others are in the flows. `row` is its number among all kept
    /// rows.
    virtual void packetOfNoFlow(const Packet& packet, std::uint64_t row) = 0;
    /// The shard's flows, in the order of their completion.
    virtual void flow(const CompletedFlow& flow, const FlowLife& life) = 0;
    /// That flow() will be called for flows with these ends, and before the one for the other.
    virtual void prefetch(const FlowKey& /*later*/, const FlowKey& /*soon*/) const {}
    /// See growthOf(): for so many flows.
    [[nodiscard]] virtual std::uint64_t growth(std::size_t flows) const = 0;
};

/// Rows to flows, on all threads of a pool: each shard has a connection table of its own, whose packets it
/// gets in file order (RowRouter). What is global is computed where a read chunk ends: its newest TCP
/// timestamp, by which flows are judged, and the numbers of the flows that were opened in it. What comes out
/// is the same for any number of shards and threads. All calls come from the thread that owns the pool.
class FlowShards
{
public:
    struct Ends
    {
        std::vector<ShardCollector*> collectors; ///< one a shard
        /// Not null: flows are not for the collectors, which get them on the pool's threads, but handed over
        /// in order of completion on the owner's.
        FlowSink* inOrder = nullptr;
        const FlowEngine* engine = &defaultFlowEngine(); ///< judges the collectors' flows
        /// Asked now and then on the owner's thread, also during long work: false ends the run.
        std::function<bool()> goOn;
        /// Rows, in file order, before their flows.
        std::function<void(const RoutedRows&)> routed;
        /// No thread works on a shard: what the collectors have may be taken.
        std::function<void()> quiet;
    };

    /// Everything must outlive it. Temporary files, if any, are made in `folder`.
    FlowShards(std::int64_t timeoutSeconds, const std::filesystem::path& folder, TaskPool& pool, Ends ends,
               PacketStats stats, AddressMarks& marks);
    FlowShards(const FlowShards&) = delete;
    FlowShards& operator=(const FlowShards&) = delete;
    ~FlowShards();

    /// How many shards there are to be for a pool.
    static std::size_t shardsFor(const TaskPool& pool) { return pool.threads(); }

    /// The next rows, all of one read chunk. False when the run is to end: see failure().
    bool add(const KeptRows& rows);
    /// Between two read chunks: judges the flows, by the newest time of their packets and `newest`.
    bool endReadChunk(std::optional<std::int64_t> newest = std::nullopt);
    /// After the last row: what is still open.
    bool finish();
    /// The run has ended: nobody wants what is under way.
    void stop() { stopped_ = true; }

    [[nodiscard]] std::optional<Error> failure() const;
    /// Of the flows that collectors had; while no thread works, as in Ends::quiet and after finish().
    [[nodiscard]] FlowTally tally() const;
    [[nodiscard]] std::uint64_t openedFlows() const;
    [[nodiscard]] std::uint64_t openFlows() const;
    /// What the tables of all shards take at once when they grow next; see growthOf().
    [[nodiscard]] std::uint64_t growth() const;

private:
    class Shard;

    bool dispatch();
    bool drain();
    bool wait();
    bool judge(std::optional<std::int64_t> newest);
    bool handOverInOrder();
    /// On any thread, in long work.
    bool workGoesOn();

    TaskPool& pool_;
    Ends ends_;
    RowRouter router_;
    std::optional<std::int64_t> newest_; ///< newest TCP timestamp of this read chunk
    std::uint64_t numbered_ = 0;         ///< flows that have their number
    const std::thread::id owner_ = std::this_thread::get_id();
    std::atomic<bool> stopped_{false};
    Recycler<RoutedRows> recycler_;
    std::vector<std::unique_ptr<Shard>> shards_;
    OrderedTasks<std::shared_ptr<RoutedRows>> routing_; ///< last: its tasks use the others
};

} // namespace packetloom
