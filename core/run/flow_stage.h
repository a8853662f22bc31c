// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packed_flow.h"
#include "core/model/flow_counts.h"
#include "core/stats/flow_tally.h"
#include "core/support/ordered_tasks.h"
#include "core/support/recycler.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace packetloom {

/// What is made of a batch of flows, on one of the pool's threads.
class FlowVisitor
{
public:
    FlowVisitor() = default;
    FlowVisitor(const FlowVisitor&) = delete;
    FlowVisitor& operator=(const FlowVisitor&) = delete;
    virtual ~FlowVisitor() = default;

    /// The flows of the batch in order of completion.
    virtual void flow(const CompletedFlow& flow, const FlowLife& life) = 0;
    /// After the last of them. An error ends the run.
    virtual std::optional<Error> finish() { return std::nullopt; }
};

/// What a pipeline makes of flows. All calls come from the thread that owns the stage.
class FlowWork
{
public:
    FlowWork() = default;
    FlowWork(const FlowWork&) = delete;
    FlowWork& operator=(const FlowWork&) = delete;
    virtual ~FlowWork() = default;

    /// Whether a batch may end before the flow with this number in order of completion (from 0), though there
    /// would be room for more.
    [[nodiscard]] virtual bool endsBefore(std::uint64_t flow) const = 0;
    /// Whether the batch that begins with this flow can only be worked on when all before it are done.
    [[nodiscard]] virtual bool follows(std::uint64_t flow) const = 0;
    /// For a batch that begins with this flow.
    virtual std::unique_ptr<FlowVisitor> visitor(std::uint64_t firstFlow) = 0;
    /// The visitors come back when their batches are done, in order.
    virtual void take(FlowVisitor& visitor) = 0;
    /// One of the flows of a batch, before take().
    virtual void count(const FlowCounts& flow) = 0;
    /// Asked after each batch: false ends the run.
    virtual bool goOn() = 0;
};

/// Flows in order of completion to what is made of them: the state machine and the visitors work on all
/// threads of the pool, and the results come back in that order.
class FlowStage final : public FlowSink
{
public:
    /// Of a batch, which is what comes back at once.
    static constexpr std::size_t mostFlows = 4096;

    /// `pool` and `work` must outlive the stage. Temporary files, if any, are made in `folder`.
    FlowStage(const std::filesystem::path& folder, TaskPool& pool, FlowWork& work);
    FlowStage(const FlowStage&) = delete;
    FlowStage& operator=(const FlowStage&) = delete;
    ~FlowStage() { stop(); }
    /// The run has ended: nobody wants what is under way.
    void stop() { stopped_ = true; }

    /// The next flow. False when the run is to end: failure(), or the work's goOn().
    bool take(const PackedFlow& flow) override;
    /// After the last one: all that is under way.
    bool finish();

    [[nodiscard]] const std::optional<Error>& failure() const { return error_; }
    /// Of the flows that came back.
    [[nodiscard]] const FlowTally& tally() const { return tally_; }

private:
    struct Outcome
    {
        std::unique_ptr<FlowVisitor> visitor;
        std::vector<FlowCounts> counts;
        FlowTally tally;
        std::optional<Error> error;
    };

    bool submit();
    bool collect();
    Outcome workOn(const FlowBatch& batch, std::unique_ptr<FlowVisitor> visitor);
    bool workGoesOn();

    std::filesystem::path folder_;
    TaskPool& pool_;
    FlowWork& work_;
    Recycler<FlowBatch> batches_;
    std::shared_ptr<FlowBatch> batch_; ///< that is being filled
    std::uint64_t flows_ = 0;          ///< handed over so far
    std::uint64_t firstOfBatch_ = 0;
    FlowTally tally_;
    std::optional<Error> error_;
    const std::thread::id owner_ = std::this_thread::get_id();
    std::atomic<bool> stopped_{false};
    OrderedTasks<Outcome> tasks_; ///< last: its tasks use the others
};

} // namespace packetloom
