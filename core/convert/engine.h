// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/analysis.h"
#include "core/convert/flow_stage.h"
#include "core/convert/options.h"
#include "core/convert/preflight.h"
#include "core/convert/progress.h"
#include "core/input/address_resolver.h"
#include "core/input/packet_stream.h"
#include "core/stats/timestamp_store.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// Some kept rows that follow each other. Whoever needs them longer than the call keeps the batch.
struct KeptRows
{
    std::shared_ptr<const PacketBatch> batch;
    std::size_t begin = 0, end = 0; ///< indexes into batch->packets and batch->places
    std::uint64_t firstRow = 0;     ///< number of the first among all kept rows, from 0
    std::size_t input = 0;          ///< index into Options::inputs
    std::uint64_t linesBefore = 0;  ///< lines of the file before the batch

    [[nodiscard]] std::span<const Packet> packets() const
    {
        return std::span(batch->packets).subspan(begin, end - begin);
    }
    /// Where packets()[i] stood, from 1.
    [[nodiscard]] std::uint64_t line(std::size_t i) const
    {
        return linesBefore + batch->places[begin + i].line + 1;
    }
};

/// What analyze() and convert() do differently with the same stream of packets and flows. All calls but those
/// of the visitors come from the engine's thread.
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
    /// A TCP packet that belongs to no flow; the others are in the flows that are counted.
    virtual void packetOfNoFlow(const Packet& packet, std::uint64_t row) = 0;
    /// Of every flow, in order of completion.
    virtual void count(const FlowCounts& flow) = 0;

    /// See FlowWork.
    [[nodiscard]] virtual bool endsBefore(std::uint64_t) const { return true; }
    [[nodiscard]] virtual bool follows(std::uint64_t) const { return false; }
    virtual std::unique_ptr<FlowVisitor> visitor(std::uint64_t firstFlow) = 0;
    virtual void take(FlowVisitor& visitor) = 0;

    /// See growthOf(): for so many packets, or flows that are counted and taken.
    [[nodiscard]] virtual std::uint64_t growth(std::size_t) const { return 0; }
    /// What finish() takes for itself, in bytes of memory.
    [[nodiscard]] virtual std::uint64_t bytesToFinish() const { return 0; }
    /// After the last packet and flow: whatever is still under way is done when it returns.
    virtual void finish() {}
    /// Asked now and then: an error ends the run.
    virtual std::optional<Error> failure() = 0;
};

/// The reference engine: rows to packets to flows and statistics (reference.md), one pass over the input.
/// What comes out is the same for any number of threads. Single use.
class Engine final : private FlowWork
{
public:
    /// All references must outlive the engine. `addresses` receives every address that was seen.
    Engine(const Options& options, Plan& plan, AddressTable& addresses, TaskPool& pool, EngineSink& sink,
           ProgressMeter& meter, const std::filesystem::path& spillFolder);

    Result<void> run();
    /// After run(): the reference's bins.
    Result<std::vector<TimeBin>> bins();

    [[nodiscard]] RunTotals& totals() { return totals_; }
    [[nodiscard]] const FlowTally& tally() const { return flows_.tally(); }
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

    bool endsBefore(std::uint64_t flow) const override { return sink_.endsBefore(flow); }
    bool follows(std::uint64_t flow) const override { return sink_.follows(flow); }
    std::unique_ptr<FlowVisitor> visitor(std::uint64_t firstFlow) override
    {
        return sink_.visitor(firstFlow);
    }
    void take(FlowVisitor& visitor) override { sink_.take(visitor); }
    void count(const FlowCounts& flow) override;
    bool goOn() override { return meter_.tick(sink_.growth(FlowStage::mostFlows)) && !sink_.failure(); }

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
    FlowStage flows_;
    bool pastWindowSeen_ = false;
    int skippedChunks_ = 0;           ///< consecutive ones; runs on from file to file
    std::uint64_t finishedBytes_ = 0; ///< size of the files that are done
};

} // namespace packetloom
