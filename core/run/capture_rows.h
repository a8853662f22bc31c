// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/address_resolver.h"
#include "core/input/packet_source.h"
#include "core/run/options.h"
#include "core/run/preflight.h"
#include "core/run/row_source.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// The rows of the planned inputs, one file after the other, that are no rejects and pass the filters. Read
/// and parsed on all threads of the pool, addresses numbered in order of appearance.
class CaptureRows final : public RowSource
{
public:
    /// All must outlive it. `addresses` receives every address that was seen. `details`: those that packets
    /// shall have, as far as their input knows them.
    CaptureRows(const Options& options, Plan& plan, AddressTable& addresses, TaskPool& pool,
                Details details = {});

    /// Errors: those of opening and reading an input, InputShrank, Cancelled. With Options::skipBroken an
    /// input ends where it cannot be read; where no input could be, and no row was, the first of their
    /// errors.
    Result<std::optional<RowPiece>> next(const GoOn& goOn) override;
    void noteProgress(Progress& progress) const override;
    void finish(RunTotals& totals) override { totals = std::move(totals_); }

    /// Where reading stands when these inputs are not the first: what docs/reading.md, 27 goes by.
    struct Before
    {
        int skippedChunks = 0; ///< consecutive ones
        bool pastWindow = false;
    };
    void goOnFrom(const Before& before)
    {
        skippedChunks_ = before.skippedChunks;
        pastWindowSeen_ = before.pastWindow;
    }
    struct ReadChunk
    {
        std::uint64_t rows = 0, kept = 0;
        bool pastWindow = false; ///< a row past the window was seen so far
    };
    /// From now on every read chunk is noted there when it ends, those that were skipped, too.
    void noteChunks(std::vector<ReadChunk>& chunks) { chunks_ = &chunks; }
    static constexpr int skippedChunksBeforeStop = 50; ///< docs/reading.md, 27

private:
    /// Where it is in a file.
    struct Position
    {
        std::size_t input = 0;         ///< index into Options::inputs
        std::uint64_t linesBefore = 0; ///< the batch
        std::uint64_t rowsInChunk = 0, keptInChunk = 0;
        // in the batch at hand: what was taken of it
        std::uint32_t row = 0;
        std::size_t packet = 0, reject = 0, other = 0;
    };

    /// How the addresses of inputs with one IP map are read.
    struct AddressReading
    {
        AddressReading(const PlannedIds& ids, AddressTable& addresses, FilterEnds ends, RowFilter* filter)
            : decoder(*ids.map, ids.filter ? &*ids.filter : nullptr, addresses),
              resolver(decoder, ends, filter)
        {
        }
        AddressDecoder decoder;
        AddressResolver resolver;
    };

    Result<void> openNext();
    Result<RowPiece> endFile();
    Result<RowPiece> breakFile(Error error);
    void leaveOut(std::size_t input, Error error);
    [[nodiscard]] const Error* whyNothingWasRead() const;
    void leaveFile();
    RowPiece takeSegment();
    [[nodiscard]] std::uint32_t segmentEnd() const;
    void takeRejects(std::uint32_t endRow);
    void takeOthers(std::uint32_t endRow);
    bool endReadChunk();
    [[nodiscard]] bool enoughPackets() const;

    const Options& options_;
    Plan& plan_;
    AddressTable& addresses_;
    TimeWindow window_;               ///< of the options and of the filter
    std::optional<RowFilter> filter_; ///< Plan::filter, of rows
    std::vector<std::unique_ptr<AddressReading>>
        readings_;                      ///< by Plan::ids; made when the first input needs it
    AddressReading* reading_ = nullptr; ///< of the file at hand
    SourceContext context_;
    RunTotals totals_;
    std::vector<ReadChunk>* chunks_ = nullptr;
    RepeatWindow repeats_;                 ///< of the file at hand
    std::size_t nextInput_ = 0;            ///< of the plan's
    std::unique_ptr<PacketSource> source_; ///< of the file at hand, if any
    std::shared_ptr<PacketBatch> batch_;   ///< at hand, if any
    Position at_;
    bool pastWindowSeen_ = false;
    std::size_t broken_ = 0;          ///< inputs that could not be read, or not to their end
    int skippedChunks_ = 0;           ///< consecutive ones; runs on from file to file
    std::uint64_t finishedBytes_ = 0; ///< size of the files that are done
    std::uint64_t bytesInFile_ = 0;   ///< of the file at hand, so far
};

} // namespace packetloom
