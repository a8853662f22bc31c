// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_rules.h"
#include "core/flow/flow_engine.h"
#include "core/model/address_table.h"
#include "core/run/collector.h"
#include "core/run/flow_pipeline.h"
#include "core/run/flow_stage.h"
#include "core/run/options.h"
#include "core/run/output.h"
#include "core/run/progress.h"
#include "core/run/row_source.h"
#include "core/run/run_result.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/time_bins.h"
#include "core/stats/timestamp_store.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// The pipeline: rows to flows and statistics, into a collector and, if there is one, an output, on all
/// threads of a pool. Preview, conversion and export are runs with other ends. What comes out is the same for
/// any number of threads. Single use; belongs to the thread that makes it.
class Run
{
public:
    /// All references must outlive the run.
    struct Ends
    {
        RowSource& rows;
        const AddressTable& addresses; ///< of the rows
        Collector& collector;
        Output* output = nullptr; ///< may be null
        /// The figures of these rows, where they are known already: then packets are not counted again.
        const RunFigures* known = nullptr;
        const FlowEngine& engine = defaultFlowEngine();
        std::int64_t flowTimeoutSeconds = Options().flowTimeoutSeconds;
        /// Not null: the exact engine tells of flows, to the collector's shards; without an output.
        const ExactRules* exact = nullptr;
        /// Once set the rows end where they are: the run goes on to its end with what it has.
        StopFlag enough = nullptr;
    };

    /// Temporary files, if any, are made in `folder`.
    Run(const Ends& ends, TaskPool& pool, ProgressMeter& meter, const std::filesystem::path& folder);

    /// Errors: those of the rows, the collector and the output; Read, Write, NoSpace of temporary files;
    /// Cancelled. Where the figures are known, the result has no more than what they do not tell: tally and
    /// flows.
    Result<RunResult> run();
    /// After run(): `enough` came before the end of the rows.
    [[nodiscard]] bool endedEarly() const { return endedEarly_; }
    /// Of the flows that are judged so far; may be looked at in the heartbeat. Of the exact engine's none.
    [[nodiscard]] const FlowTally& tally() const { return stage_ ? stage_->tally() : tally_; }

private:
    std::unique_ptr<FlowPipeline> makePipeline(const std::filesystem::path& folder, TaskPool& pool);
    Result<void> readAll();
    void take(const RowPiece& piece);
    Result<RunResult> conclude();
    Result<void> finishStatistics(RunResult& result);
    Result<void> finishOutput(const RunFigures& figures);
    bool goOn(std::uint64_t coming);
    /// Why the run stops, if it does.
    Result<void> checkStop();

    Ends ends_;
    ProgressMeter& meter_;
    bool endedEarly_ = false;
    std::uint64_t tcpPackets_ = 0;
    FlagStats flagStats_;
    TimestampStore timestamps_;
    std::vector<PacketOrder> orders_; ///< by input
    AddressMarks marks_;
    FlowTally tally_;
    std::optional<FlowStage> stage_; ///< where there is an output
    std::unique_ptr<FlowPipeline> flows_;
};

} // namespace packetloom
