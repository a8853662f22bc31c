// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/address_resolver.h"
#include "core/input/csv/packet_stream.h"
#include "core/run/flow_shards.h"
#include "core/run/options.h"
#include "core/run/preflight.h"
#include "core/run/progress.h"
#include "core/run/run_result.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/time_bins.h"
#include "core/stats/timestamp_store.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// What analyze() and convert() do differently with the same stream of packets and flows. All calls but those
/// of the collectors come from the engine's thread.
class EngineSink
{
public:
    EngineSink() = default;
    EngineSink(const EngineSink&) = delete;
    EngineSink& operator=(const EngineSink&) = delete;
    virtual ~EngineSink() = default;

    /// Every kept packet, in file order.
    virtual void packets(const KeptRows& rows) = 0;
    /// Flows are judged between the last packet and the next.
    virtual void readChunkEnded() {}
    /// One a shard; the sink's own.
    virtual std::vector<ShardCollector*> collectors() = 0;
    /// Not null: flows are not for the collectors but for this, in order of completion.
    virtual FlowSink* flowsInOrder() { return nullptr; }
    /// Nobody works on the collectors: what they have may be taken.
    virtual void quiet() {}

    /// See growthOf(): for so many rows. What the collectors take, they say themselves.
    [[nodiscard]] virtual std::uint64_t growth(std::size_t) const { return 0; }
    /// What finish() takes for itself, in bytes of memory.
    [[nodiscard]] virtual std::uint64_t bytesToFinish() const { return 0; }
    /// After the last packet and flow: whatever is still under way is done when it returns. Adds what was
    /// counted of addresses. False when the run is to end.
    virtual bool finish(AddressStats& addresses) = 0;
    /// Asked now and then: an error ends the run.
    virtual std::optional<Error> failure() = 0;
};

/// The reference engine: rows to packets to flows and statistics (docs/README.md), one pass over the input.
/// What comes out is the same for any number of threads. Single use.
class Engine
{
public:
    /// All references must outlive the engine. `addresses` receives every address that was seen.
    Engine(const Options& options, Plan& plan, AddressTable& addresses, TaskPool& pool, EngineSink& sink,
           ProgressMeter& meter, const std::filesystem::path& spillFolder);

    Result<void> run();
    /// After run(): the reference's bins.
    Result<std::vector<TimeBin>> bins();

    [[nodiscard]] RunTotals& totals() { return totals_; }
    /// Of the flows that collectors had.
    [[nodiscard]] const FlowTally& tally() const { return tally_; }
    [[nodiscard]] AddressStats& addressStats() { return addressStats_; }
    [[nodiscard]] FlagStats& flagStats() { return flagStats_; }

private:
    enum class FileEnd : std::uint8_t { Reached, EnoughSkipped, EnoughPackets };
    struct Place;

    Result<FileEnd> readFile(PlannedInput& input);
    Result<std::optional<FileEnd>> takeBatch(const std::shared_ptr<PacketBatch>& batch, Place& place);
    std::uint32_t segmentEnd(const PacketBatch& batch, const Place& place) const;
    void takeSegment(const std::shared_ptr<PacketBatch>& batch, std::uint32_t endRow, Place& place);
    void takePackets(const KeptRows& rows);
    Result<bool> endReadChunk(Place& place);
    void noteProgress(const PacketBatch& batch);
    /// Why the run stops, if it does.
    Result<void> checkStop();
    /// Of all tables that so many rows may make grow; see growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t rows) const;
    Result<void> noteChange(InputChange change, const std::filesystem::path& path);

    FlowShards::Ends ends();
    void takeStatistics(const RoutedRows& rows);

    const Options& options_;
    Plan& plan_;
    const AddressTable& addresses_;
    TaskPool& pool_;
    EngineSink& sink_;
    ProgressMeter& meter_;
    AddressDecoder decoder_;
    AddressResolver resolver_;
    PacketStream::Buffers buffers_;
    RunTotals totals_;
    AddressStats addressStats_;
    FlagStats flagStats_;
    TimestampStore timestamps_;
    AddressMarks marks_;
    FlowTally tally_;
    FlowShards flows_;
    bool pastWindowSeen_ = false;
    int skippedChunks_ = 0;           ///< consecutive ones; runs on from file to file
    std::uint64_t finishedBytes_ = 0; ///< size of the files that are done
};

} // namespace packetloom
