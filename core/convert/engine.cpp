// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/engine.h"

namespace packetloom {
namespace {

constexpr int skippedChunksBeforeStop = 50; // reference.md, Input, 6
constexpr std::uint64_t rowsPerTick = 512;

} // namespace

Engine::Engine(const Options& options, Plan& plan, AddressTable& addresses, EngineSink& sink,
               ProgressMeter& meter, const std::filesystem::path& spillFolder)
    : options_(options),
      plan_(plan),
      sink_(sink),
      meter_(meter),
      decoder_(plan.map, plan.filter ? &*plan.filter : nullptr, addresses),
      tracker_(options.flowTimeoutSeconds),
      timestamps_(spillFolder)
{
    meter_.progress().bytesTotal = plan.bytesTotal;
    totals_.warnings = plan.warnings;
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
    if (!meter_.beat() || !tracker_.finish(*this))
        return checkStop();
    totals_.flows = tracker_.openedFlows();
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
        auto opened = PacketReader::open(input.path, options_.blockSize);
        if (!opened)
            return std::move(opened).error();
        reader = *std::move(opened);
    }
    const PacketRules rules{options_.window, &decoder_, options_.filterEnds};
    const auto limit = static_cast<std::uint64_t>(options_.maxRecords);
    const auto readChunkRows = static_cast<std::uint64_t>(options_.readChunkRows);
    std::uint64_t rowsInChunk = 0, keptInChunk = 0;
    ReadRow row;
    for (;;) {
        const auto step = reader->next(rules, row);
        if (step == CsvTokenizer::Step::Failed)
            return reader->error();
        if (step == CsvTokenizer::Step::End)
            break;
        count(row, input.index);
        ++rowsInChunk;
        if (row.fate == RowFate::Kept) {
            keep({input.index, row.line, row.packet});
            ++keptInChunk;
        }
        const bool enoughPackets = limit > 0 && totals_.rows.kept >= limit;
        if (totals_.rows.read % rowsPerTick == 0) {
            noteProgress(*reader);
            if (auto stop = checkStop(); !stop)
                return std::move(stop).error();
        }
        if (rowsInChunk == readChunkRows || enoughPackets) {
            noteProgress(*reader);
            const auto enoughSkipped = endReadChunk(keptInChunk);
            if (!enoughSkipped)
                return enoughSkipped.error();
            if (enoughPackets)
                return FileEnd::EnoughPackets;
            if (*enoughSkipped)
                return FileEnd::EnoughSkipped;
            rowsInChunk = keptInChunk = 0;
        }
    }
    if (rowsInChunk > 0) {
        const auto enoughSkipped = endReadChunk(keptInChunk);
        if (!enoughSkipped)
            return enoughSkipped.error();
    }
    if (const auto ignored = reader->source().ignoredFrom())
        totals_.warnings.push_back(
            {Warning::Kind::TrailingGarbage,
             Error{.code = Errc::Inflate, .detail = {}, .file = input.path, .byte = *ignored}});
    return FileEnd::Reached;
}

// True when reading on in this file is pointless: its rows lie behind the time window.
Result<bool> Engine::endReadChunk(std::uint64_t keptInChunk)
{
    if (keptInChunk == 0)
        return ++skippedChunks_ >= skippedChunksBeforeStop && pastWindowSeen_;
    skippedChunks_ = 0;
    sink_.readChunkEnded();
    if (!tracker_.endReadChunk(*this)) {
        if (auto stop = checkStop(); !stop)
            return std::move(stop).error();
    }
    return false;
}

void Engine::count(const ReadRow& row, std::size_t input)
{
    ++totals_.rows.read;
    switch (row.fate) {
    case RowFate::Kept:
        ++totals_.rows.kept;
        break;
    case RowFate::Filtered:
        ++totals_.rows.filtered;
        pastWindowSeen_ = pastWindowSeen_ || row.pastWindow;
        break;
    case RowFate::Rejected:
        ++totals_.rows.rejected;
        ++totals_.rejectedBy[static_cast<std::size_t>(row.reason)];
        if (totals_.firstRejected.size() < keptRejectedRows)
            totals_.firstRejected.push_back(
                {input, row.line, row.reason, std::string(row.column), std::string(row.raw)});
        break;
    }
}

void Engine::keep(const KeptRow& row)
{
    const Packet& packet = row.packet;
    sink_.packet(row);
    addressStats_.addAny(packet);
    timestamps_.add(packet.timestamp);
    if (!packet.isTcp())
        return;
    ++totals_.tcpPackets;
    addressStats_.addTcp(packet);
    flagStats_.add(packet.flags);
    tracker_.add(packet, totals_.rows.kept - 1);
}

bool Engine::take(const CompletedFlow& flow)
{
    const FlowLife& life = machine_.run(flow);
    tally_.add(flow, life);
    sink_.flow(flow, life);
    return meter_.tick() && !sink_.failure();
}

void Engine::noteProgress(const PacketReader& reader)
{
    Progress& progress = meter_.progress();
    progress.bytesDone = finishedBytes_ + reader.source().bytesOnDisk();
    progress.rows = totals_.rows.read;
    progress.packets = totals_.rows.kept;
    progress.rejected = totals_.rows.rejected;
    progress.flows = tracker_.openedFlows();
    progress.openFlows = tracker_.openFlows();
}

Result<void> Engine::checkStop()
{
    if (auto error = sink_.failure())
        return *std::move(error);
    if (!meter_.tick())
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    return {};
}

} // namespace packetloom
