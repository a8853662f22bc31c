// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_engine.h"
#include "core/flow/packed_flow.h"
#include "core/model/flow_counts.h"
#include "core/run/collector.h"
#include "core/run/output.h"
#include "core/stats/flow_tally.h"
#include "core/support/ordered_tasks.h"
#include "core/support/recycler.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace packetloom {

/// Flows in order of completion into the parts of an output: flows are judged and parts worked on by all
/// threads of the pool, and what they made comes back in that order.
class FlowStage final : public FlowSink
{
public:
    /// Of a batch, which is what comes back at once.
    static constexpr std::size_t mostFlows = 4096;

    /// What it works for; all must outlive it.
    struct Ends
    {
        const FlowEngine& engine;
        Output& output;
        Collector& collector;       ///< is told of the flows that came back
        std::function<bool()> goOn; ///< asked now and then on the owner's thread: false ends the run
    };

    /// `pool` must outlive the stage. Temporary files, if any, are made in `folder`.
    FlowStage(const std::filesystem::path& folder, TaskPool& pool, Ends ends);
    FlowStage(const FlowStage&) = delete;
    FlowStage& operator=(const FlowStage&) = delete;
    ~FlowStage() { stop(); }
    /// The run has ended: nobody wants what is under way.
    void stop() { stopped_ = true; }

    /// The next flow. False when the run is to end: failure(), or Ends::goOn.
    bool take(const PackedFlow& flow) override;
    /// After the last one: all that is under way.
    bool finish();

    [[nodiscard]] const std::optional<Error>& failure() const { return error_; }
    /// Of the flows that came back.
    [[nodiscard]] const FlowTally& tally() const { return tally_; }

private:
    struct Outcome
    {
        std::unique_ptr<OutputPart> part;
        std::vector<FlowCounts> counts;
        FlowTally tally;
        std::optional<Error> error;
    };

    bool submit();
    bool collect();
    Outcome workOn(const FlowBatch& batch, std::unique_ptr<OutputPart> part);
    bool workGoesOn();

    std::filesystem::path folder_;
    TaskPool& pool_;
    Ends ends_;
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
