// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/connection_key.h"
#include "core/flow/exact/exact_rules.h"
#include "core/model/address_table.h"
#include "core/run/flow_pipeline.h"
#include "core/run/row_figures.h"
#include "core/run/shard_collector.h"
#include "core/support/ordered_tasks.h"
#include "core/support/recycler.h"
#include "core/support/task_pool.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace packetloom {

/// Rows to the exact engine's flows, of all protocols: each shard has a tracker of its own, whose packets it
/// gets in the order of time, then of rows. Captures need not be in that order: rows may come late, by as
/// many rows as are held back. What is further out of order cannot be followed: then the collectors hear that
/// there are no flows, which are found out of a spool, if at all (exactFlowsOf()).
class ExactShards final : public FlowPipeline
{
public:
    /// Rows that may follow one that should have come before them.
    static constexpr std::uint64_t rowsHeld = std::uint64_t{1} << 17;

    struct Ends
    {
        std::vector<ShardCollector*> collectors; ///< one a shard
        const AddressTable* addresses = nullptr; ///< of the rows
        ExactRules rules;
        std::uint64_t held = rowsHeld;
        /// Asked now and then on the owner's thread, also during long work: false ends the run.
        std::function<bool()> goOn;
        /// Rows, in file order.
        std::function<void(const KeptRows&, const RowFigures&)> routed;
        /// No thread works on a shard, after the last row.
        std::function<void()> quiet;
    };

    /// Everything must outlive it.
    ExactShards(TaskPool& pool, Ends ends, PacketStats stats, AddressMarks& marks);
    ~ExactShards() override;

    bool add(const KeptRows& rows) override;
    /// Means nothing to the exact engine.
    bool endReadChunk(std::optional<std::int64_t>) override { return true; }
    bool finish() override;
    void stop() override { stopped_ = true; }

    [[nodiscard]] std::optional<Error> failure() const override { return std::nullopt; }
    /// As far as the trackers are; 0 once the order of time is lost.
    [[nodiscard]] std::uint64_t openedFlows() const override;
    [[nodiscard]] std::uint64_t openFlows() const override;
    [[nodiscard]] std::uint64_t growth() const override;
    /// There are no flows: see voidExactFlows().
    [[nodiscard]] bool lostOrder() const { return lost_.load(std::memory_order_relaxed); }

private:
    struct Rows;
    class Shard;

    void route(Rows& rows) const;
    bool dispatch();
    bool workGoesOn();

    TaskPool& pool_;
    Ends ends_;
    PacketStats stats_;
    AddressMarks& marks_;
    ConnectionKeyHash hash_;
    std::optional<AddressId> broadcast_;
    std::int64_t newest_ = std::numeric_limits<std::int64_t>::min(); ///< time of all rows so far
    const std::thread::id owner_ = std::this_thread::get_id();
    std::atomic<bool> stopped_{false}, lost_{false};
    Recycler<Rows> recycler_;
    std::vector<std::unique_ptr<Shard>> shards_;
    OrderedTasks<std::shared_ptr<Rows>> routing_; ///< last: its tasks use the others
};

} // namespace packetloom
