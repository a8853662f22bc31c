// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_engine.h"
#include "core/flow/packed_flow.h"
#include "core/run/flow_pipeline.h"
#include "core/run/row_router.h"
#include "core/run/shard_collector.h"
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

/// Rows to the reference's flows: each shard has a connection table of its own, whose packets it
/// gets in file order (RowRouter). What is global is computed where a read chunk ends: its newest TCP
/// timestamp, by which flows are judged, and the numbers of the flows that were opened in it. What comes out
/// is the same for any number of shards and threads. All calls come from the thread that owns the pool.
class FlowShards final : public FlowPipeline
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
        std::function<void(const KeptRows&, const RowFigures&)> routed;
        /// No thread works on a shard: what the collectors have may be taken.
        std::function<void()> quiet;
    };

    /// Everything must outlive it. Temporary files, if any, are made in `folder`.
    FlowShards(std::int64_t timeoutSeconds, const std::filesystem::path& folder, TaskPool& pool, Ends ends,
               PacketStats stats, AddressMarks& marks);
    ~FlowShards() override;

    /// How many shards there are to be for a pool.
    static std::size_t shardsFor(const TaskPool& pool) { return pool.threads(); }

    bool add(const KeptRows& rows) override;
    /// Judges the flows, by the newest time of their packets and `newest`.
    bool endReadChunk(std::optional<std::int64_t> newest) override;
    bool finish() override;
    void stop() override { stopped_ = true; }

    [[nodiscard]] std::optional<Error> failure() const override;
    [[nodiscard]] FlowTally tally() const override;
    [[nodiscard]] std::uint64_t openedFlows() const override;
    [[nodiscard]] std::uint64_t openFlows() const override;
    [[nodiscard]] std::uint64_t growth() const override;

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
