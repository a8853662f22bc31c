// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/analysis.h"
#include "core/convert/options.h"
#include "core/convert/preflight.h"
#include "core/convert/progress.h"
#include "core/flow/flow_tracker.h"
#include "core/stats/timestamp_store.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// A row that was kept, and where it stood.
struct KeptRow
{
    std::size_t input = 0; ///< index into Options::inputs
    std::uint64_t line = 0;
    const Packet& packet;
};

/// What analyze() and convert() do differently with the same stream of packets and flows.
class EngineSink
{
public:
    EngineSink() = default;
    EngineSink(const EngineSink&) = delete;
    EngineSink& operator=(const EngineSink&) = delete;
    virtual ~EngineSink() = default;

    /// Every kept packet, in file order.
    virtual void packet(const KeptRow& row) = 0;
    /// Every flow, in order of completion.
    virtual void flow(const CompletedFlow& flow, const FlowLife& life) = 0;
    /// Flows were judged between the last packet and the next.
    virtual void readChunkEnded() {}
    /// Asked now and then: an error ends the run.
    virtual std::optional<Error> failure() = 0;
};

/// The reference engine: rows to packets to flows and statistics (reference.md), one pass over the input.
/// Single use.
class Engine final : private FlowSink
{
public:
    /// All references must outlive the engine. `addresses` receives every address that was seen.
    Engine(const Options& options, Plan& plan, AddressTable& addresses, EngineSink& sink,
           ProgressMeter& meter, const std::filesystem::path& spillFolder);

    Result<void> run();
    /// After run(): the reference's bins.
    Result<std::vector<TimeBin>> bins();

    [[nodiscard]] RunTotals& totals() { return totals_; }
    [[nodiscard]] const FlowTally& tally() const { return tally_; }
    [[nodiscard]] AddressStats& addressStats() { return addressStats_; }
    [[nodiscard]] FlagStats& flagStats() { return flagStats_; }

private:
    enum class FileEnd : std::uint8_t { Reached, EnoughSkipped, EnoughPackets };

    Result<FileEnd> readFile(PlannedInput& input);
    Result<bool> endReadChunk(std::uint64_t keptInChunk);
    void count(const ReadRow& row, std::size_t input);
    void keep(const KeptRow& row);
    void noteProgress(const PacketReader& reader);
    bool take(const CompletedFlow& flow) override;
    /// Why the run stops, if it does.
    Result<void> checkStop();

    const Options& options_;
    Plan& plan_;
    EngineSink& sink_;
    ProgressMeter& meter_;
    AddressDecoder decoder_;
    FlowTracker tracker_;
    ReferenceMachine machine_;
    RunTotals totals_;
    FlowTally tally_;
    AddressStats addressStats_;
    FlagStats flagStats_;
    TimestampStore timestamps_;
    bool pastWindowSeen_ = false;
    int skippedChunks_ = 0;           ///< consecutive ones; runs on from file to file
    std::uint64_t finishedBytes_ = 0; ///< size of the files that are done
};

} // namespace packetloom
