// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/analysis.h"
#include "core/flow/flow_counts.h"
#include "core/flow/flow_tracker.h"
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

/// Packets to flows to what is made of them: the connection table works on the owner's thread, the state
/// machine and the visitors on all threads of the pool, and the results come back in order of completion.
class FlowStage final : private FlowSink
{
public:
    /// Of a batch, which is what comes back at once.
    static constexpr std::size_t mostFlows = 4096;

    /// `pool` and `work` must outlive the stage. Temporary files, if any, are made in `folder`.
    FlowStage(std::int64_t timeoutSeconds, const std::filesystem::path& folder, TaskPool& pool,
              FlowWork& work);
    FlowStage(const FlowStage&) = delete;
    FlowStage& operator=(const FlowStage&) = delete;
    ~FlowStage() { stop(); }
    /// The run has ended: nobody wants what is under way.
    void stop() { stopped_ = true; }

    /// A TCP packet. Whether it belongs to a flow.
    bool add(const Packet& packet, std::uint64_t row) { return tracker_.add(packet, row); }
    /// Between two read chunks. False when the run is to end: failure(), or the work's goOn().
    bool endReadChunk();
    /// After the last packet: what is still open, and all that is under way.
    bool finish();

    /// See growthOf(): for so many packets.
    [[nodiscard]] std::uint64_t growth(std::size_t more) const { return tracker_.growth(more); }
    [[nodiscard]] std::optional<Error> failure() const;
    /// Of the flows that came back.
    [[nodiscard]] const FlowTally& tally() const { return tally_; }
    [[nodiscard]] std::uint64_t openedFlows() const { return tracker_.openedFlows(); }
    [[nodiscard]] std::uint64_t openFlows() const { return tracker_.openFlows(); }

private:
    struct Outcome
    {
        std::unique_ptr<FlowVisitor> visitor;
        std::vector<FlowCounts> counts;
        FlowTally tally;
        std::optional<Error> error;
    };

    bool take(const PackedFlow& flow) override;
    bool submit();
    bool collect();
    Outcome workOn(const FlowBatch& batch, std::unique_ptr<FlowVisitor> visitor);
    bool workGoesOn();

    std::filesystem::path folder_;
    TaskPool& pool_;
    FlowWork& work_;
    FlowTracker tracker_;
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
