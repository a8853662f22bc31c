// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/engine.h"

#include "core/run/flow_stage.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr int skippedChunksBeforeStop = 50; // docs/reading.md, 27

} // namespace

/// Where the engine is in a file.
struct Engine::Place
{
    std::size_t input = 0;
    std::uint64_t linesBefore = 0; ///< the batch
    std::uint64_t rowsInChunk = 0, keptInChunk = 0;
    // in the batch at hand: what was taken of it
    std::uint32_t row = 0;
    std::size_t packet = 0, reject = 0;
};

Engine::Engine(const Options& options, Plan& plan, AddressTable& addresses, TaskPool& pool, EngineSink& sink,
               ProgressMeter& meter, const std::filesystem::path& spillFolder)
    : options_(options),
      plan_(plan),
      addresses_(addresses),
      pool_(pool),
      sink_(sink),
      meter_(meter),
      decoder_(plan.map, plan.filter ? &*plan.filter : nullptr, addresses),
      resolver_(decoder_, options.filterEnds),
      timestamps_(spillFolder),
      flows_(options.flowTimeoutSeconds, spillFolder, pool, ends(), PacketStats::Wanted, marks_)
{
    meter_.progress().bytesTotal = plan.bytesTotal;
    totals_.warnings = plan.warnings;
}

FlowShards::Ends Engine::ends()
{
    return {.collectors = sink_.collectors(),
            .inOrder = sink_.flowsInOrder(),
            .goOn =
                [this] {
                    return meter_.tick(flows_.growth() + sink_.growth(FlowStage::mostFlows)) &&
                           !sink_.failure();
                },
            .routed = [this](const RoutedRows& rows) { takeStatistics(rows); },
            .quiet =
                [this] {
                    tally_ = flows_.tally();
                    sink_.quiet();
                }};
}

Result<void> Engine::run()
{
    for (auto& input : plan_.inputs) {
        auto end = readFile(input);
        if (!end)
            return std::move(end).error();
        finishedBytes_ += input.bytes;
        meter_.progress().bytesDone = finishedBytes_;
        if (*end == FileEnd::EnoughPackets)
            break;
    }
    meter_.progress().phase = Phase::OpenFlows;
    if (!meter_.beat() || !flows_.finish() || !meter_.tick(sink_.bytesToFinish()) ||
        !sink_.finish(addressStats_))
        return checkStop();
    marks_.forEach([this](AddressId id) { addressStats_.addAny(id); });
    addressStats_.putInOrder();
    totals_.flows = flows_.openedFlows();
    totals_.uniqueAddresses = addressStats_.unique().size();
    if (timestamps_.count() > 0) {
        totals_.firstTimestamp = timestamps_.minimum();
        totals_.lastTimestamp = timestamps_.maximum();
    }
    meter_.progress().phase = Phase::Finishing;
    meter_.beat();
    return checkStop();
}

Result<std::vector<TimeBin>> Engine::bins()
{
    return referenceBins(timestamps_, [&] { return meter_.tick(); });
}

Result<Engine::FileEnd> Engine::readFile(PlannedInput& input)
{
    auto reader = std::move(input.reader);
    if (!reader) {
        auto opened = PacketReader::open(input.path, options_.blockSize, plan_.stop);
        if (!opened)
            return std::move(opened).error();
        reader = *std::move(opened);
    }
    PacketStream stream(std::move(reader), options_.window, pool_, buffers_);
    Place place{.input = input.index};
    for (;;) {
        auto next = stream.next();
        if (!next) {
            flows_.stop();
            return std::move(next).error();
        }
        const auto batch = *std::move(next);
        if (!batch)
            break;
        place.linesBefore = stream.linesBefore();
        auto end = takeBatch(batch, place);
        if (!end)
            return std::move(end).error();
        if (*end)
            return **end;
    }
    if (place.rowsInChunk > 0) {
        if (auto enoughSkipped = endReadChunk(place); !enoughSkipped)
            return std::move(enoughSkipped).error();
    }
    if (auto unchanged = noteChange(stream.change(), input.path); !unchanged)
        return std::move(unchanged).error();
    if (const auto ignored = stream.ignoredFrom())
        totals_.warnings.push_back(
            {Warning::Kind::TrailingGarbage,
             Error{.code = Errc::Inflate, .detail = {}, .file = input.path, .byte = *ignored}});
    return FileEnd::Reached;
}

// What was cut off may be missing in the middle of a row: that is no capture. All else is said.
Result<void> Engine::noteChange(InputChange change, const std::filesystem::path& path)
{
    const auto warn = [&](Warning::Kind kind) {
        totals_.warnings.push_back({kind, Error{.code = Errc::Read, .detail = {}, .file = path}});
    };
    switch (change) {
    case InputChange::None:
        break;
    case InputChange::Shrank:
        return Error{.code = Errc::InputShrank, .detail = {}, .file = path};
    case InputChange::Grew:
        warn(Warning::Kind::InputGrew);
        break;
    case InputChange::Rewritten:
        warn(Warning::Kind::InputRewritten);
        break;
    case InputChange::Replaced:
        warn(Warning::Kind::InputReplaced);
        break;
    }
    return {};
}

// Nothing when the file goes on.
Result<std::optional<Engine::FileEnd>> Engine::takeBatch(const std::shared_ptr<PacketBatch>& batch,
                                                         Place& place)
{
    if (!meter_.tick(growth(batch->rows)))
        return checkStop().error();
    const auto limit = static_cast<std::uint64_t>(options_.maxRecords);
    if (limit > 0)
        resolver_.resolve(*batch, limit - totals_.rows.kept);
    else
        resolver_.resolve(*batch);
    place.row = 0;
    place.packet = place.reject = 0;
    while (place.row < batch->rows) {
        takeSegment(batch, segmentEnd(*batch, place), place);
        noteProgress(*batch);
        const bool enoughPackets = limit > 0 && totals_.rows.kept >= limit;
        if (place.rowsInChunk == static_cast<std::uint64_t>(options_.readChunkRows) || enoughPackets) {
            const auto enoughSkipped = endReadChunk(place);
            if (!enoughSkipped)
                return enoughSkipped.error();
            if (enoughPackets)
                return std::optional(FileEnd::EnoughPackets);
            if (*enoughSkipped)
                return std::optional(FileEnd::EnoughSkipped);
        }
    }
    if (auto stop = checkStop(); !stop)
        return std::move(stop).error();
    return std::optional<FileEnd>();
}

// Where in the batch the read chunk ends, or the last packet that is wanted has been had; else its end.
std::uint32_t Engine::segmentEnd(const PacketBatch& batch, const Place& place) const
{
    const std::uint64_t leftInChunk = static_cast<std::uint64_t>(options_.readChunkRows) - place.rowsInChunk;
    std::uint64_t end =
        std::min<std::uint64_t>(batch.rows, place.row + std::min<std::uint64_t>(leftInChunk, batch.rows));
    if (options_.maxRecords > 0) {
        const std::uint64_t wanted = static_cast<std::uint64_t>(options_.maxRecords) - totals_.rows.kept;
        if (wanted <= batch.places.size() - place.packet)
            end =
                std::min<std::uint64_t>(end, batch.places[place.packet + wanted - 1].row + std::uint64_t{1});
    }
    return static_cast<std::uint32_t>(end);
}

// Rows up to `endRow`, which lie in one read chunk.
void Engine::takeSegment(const std::shared_ptr<PacketBatch>& batch, std::uint32_t endRow, Place& place)
{
    const auto packetsEnd = static_cast<std::size_t>(
        std::partition_point(batch->places.begin() + static_cast<std::ptrdiff_t>(place.packet),
                             batch->places.end(), [&](const auto& p) { return p.row < endRow; }) -
        batch->places.begin());
    const std::uint64_t rows = endRow - place.row, kept = packetsEnd - place.packet;
    std::uint64_t rejected = 0;
    for (; place.reject < batch->rejects.size() && batch->rejects[place.reject].place.row < endRow;
         ++place.reject, ++rejected) {
        PacketBatch::Reject& reject = batch->rejects[place.reject];
        ++totals_.rejectedBy[static_cast<std::size_t>(reject.reason)];
        if (totals_.firstRejected.size() < keptRejectedRows)
            totals_.firstRejected.push_back({place.input, place.linesBefore + reject.place.line + 1,
                                             reject.reason, std::string(reject.column),
                                             std::move(reject.raw)});
    }
    pastWindowSeen_ = pastWindowSeen_ || batch->firstPastWindow < endRow;
    if (kept > 0)
        takePackets({batch, place.packet, packetsEnd, totals_.rows.kept, place.input, place.linesBefore});
    totals_.rows.read += rows;
    totals_.rows.kept += kept;
    totals_.rows.rejected += rejected;
    totals_.rows.filtered += rows - kept - rejected;
    place.rowsInChunk += rows;
    place.keptInChunk += kept;
    place.row = endRow;
    place.packet = packetsEnd;
}

void Engine::takePackets(const KeptRows& rows)
{
    marks_.makeRoom(addresses_.size());
    sink_.packets(rows);
    flows_.add(rows);
}

void Engine::takeStatistics(const RoutedRows& rows)
{
    totals_.tcpPackets += rows.tcpPackets;
    flagStats_.append(rows.flags);
    timestamps_.append(rows.timestamps);
}

// True when reading on in this file is pointless: its rows lie behind the time window.
Result<bool> Engine::endReadChunk(Place& place)
{
    const bool skipped = place.keptInChunk == 0;
    place.rowsInChunk = place.keptInChunk = 0;
    if (skipped)
        return ++skippedChunks_ >= skippedChunksBeforeStop && pastWindowSeen_;
    skippedChunks_ = 0;
    sink_.readChunkEnded();
    if (!flows_.endReadChunk()) {
        if (auto stop = checkStop(); !stop)
            return std::move(stop).error();
    }
    return false;
}

void Engine::noteProgress(const PacketBatch& batch)
{
    Progress& progress = meter_.progress();
    progress.bytesDone = finishedBytes_ + batch.bytesOnDisk; // more than there were, where a file grows
    if (progress.bytesTotal > 0)
        progress.bytesDone = std::min(progress.bytesDone, progress.bytesTotal);
    progress.rows = totals_.rows.read;
    progress.packets = totals_.rows.kept;
    progress.rejected = totals_.rows.rejected;
    progress.flows = flows_.openedFlows();
    progress.openFlows = flows_.openFlows();
    progress.addresses = addresses_.size() - 1; // without the empty one
}

std::uint64_t Engine::growth(std::size_t rows) const
{
    const std::size_t ends = 2 * rows;
    return addresses_.growth(ends) + decoder_.growth(ends) + flows_.growth() + sink_.growth(rows);
}

Result<void> Engine::checkStop()
{
    if (auto error = sink_.failure())
        return *std::move(error);
    if (auto error = flows_.failure())
        return *std::move(error);
    if (!meter_.tick())
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    return {};
}

} // namespace packetloom
