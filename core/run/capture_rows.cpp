// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/capture_rows.h"

#include "core/input/input_format.h"

#include <algorithm>

namespace packetloom {
namespace {

/// The times that both leave.
TimeWindow within(TimeWindow a, const TimeWindow& b)
{
    if (b.start)
        a.start = std::max(a.start.value_or(*b.start), *b.start);
    if (b.end)
        a.end = std::min(a.end.value_or(*b.end), *b.end);
    return a;
}

} // namespace

CaptureRows::CaptureRows(const Options& options, Plan& plan, AddressTable& addresses, TaskPool& pool,
                         Details details)
    : options_(options),
      plan_(plan),
      addresses_(addresses),
      window_(options.window),
      readings_(plan.ids.size()),
      context_(pool, details)
{
    if (plan.filter.rows) {
        filter_.emplace(addresses, *plan.filter.rows);
        window_ = within(window_, timesOf(*plan.filter.rows));
    }
    totals_.inputs.resize(options.inputs.size());
    for (const auto& input : plan.leftOut)
        leaveOut(input.index, input.error);
}

Result<std::optional<RowPiece>> CaptureRows::next(const GoOn& goOn)
{
    for (;;) {
        if (batch_ && at_.row < batch_->rows)
            return std::optional(takeSegment());
        batch_ = nullptr;
        if (enoughPackets())
            return std::optional<RowPiece>();
        if (!source_) {
            if (nextInput_ == plan_.inputs.size()) {
                if (const Error* const error = whyNothingWasRead())
                    return *error;
                return std::optional<RowPiece>();
            }
            if (auto opened = openNext(); !opened) {
                if (!options_.skipBroken || !isBrokenInput(opened.error()))
                    return std::move(opened).error();
                leaveOut(plan_.inputs[nextInput_].index, std::move(opened).error());
                leaveFile();
                continue;
            }
        }
        auto next = source_->next();
        if (!next) {
            auto piece = breakFile(std::move(next).error());
            if (!piece)
                return std::move(piece).error();
            return std::optional(*std::move(piece));
        }
        batch_ = *std::move(next);
        if (!batch_) {
            auto piece = endFile();
            if (!piece)
                return std::move(piece).error();
            return std::optional(*std::move(piece));
        }
        const std::size_t ends = 2 * std::size_t{batch_->rows};
        if (!goOn(batch_->rows, addresses_.growth(ends) + reading_->decoder.growth(ends)))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        at_.linesBefore = source_->linesBefore();
        at_.row = 0;
        at_.packet = at_.reject = at_.other = 0;
        bytesInFile_ = batch_->bytesOnDisk;
        if (options_.maxRecords > 0)
            reading_->resolver.resolve(*batch_,
                                       static_cast<std::uint64_t>(options_.maxRecords) - totals_.rows.kept);
        else
            reading_->resolver.resolve(*batch_);
    }
}

Result<void> CaptureRows::openNext()
{
    PlannedInput& input = plan_.inputs[nextInput_];
    auto opened = std::move(input.opened);
    if (!opened) {
        auto again = openInput(input.spec, options_.blockSize, plan_.stop);
        if (!again)
            return std::move(again).error();
        opened = *std::move(again);
    }
    auto& reading = readings_[input.ids];
    if (!reading)
        reading = std::make_unique<AddressReading>(plan_.ids[input.ids], addresses_, options_.filterEnds,
                                                   filter_ ? &*filter_ : nullptr);
    reading_ = reading.get();
    source_ = opened->packets(window_, context_);
    repeats_.clear();
    if (input.spec.verifyChecksums)
        totals_.inputs[input.index].frames.setChecksumsVerified();
    at_ = {.input = input.index};
    return {};
}

Result<RowPiece> CaptureRows::endFile()
{
    RowPiece piece;
    piece.endsReadChunk = at_.rowsInChunk > 0 && endReadChunk();
    const auto& path = plan_.inputs[nextInput_].spec.file;
    if (auto unchanged = noteChange(source_->change(), path, totals_.warnings); !unchanged)
        return std::move(unchanged).error();
    if (auto early = source_->endedEarly()) {
        InputTotals& input = totals_.inputs[at_.input];
        totals_.warnings.push_back({Warning::Kind::InputCut, *early, input.rows.kept});
        input.incomplete = std::move(early);
    }
    if (const auto ignored = source_->ignoredFrom())
        totals_.warnings.push_back(
            {Warning::Kind::TrailingGarbage,
             Error{.code = Errc::Inflate, .detail = {}, .file = path, .byte = *ignored}});
    leaveFile();
    return piece;
}

// What was read of a broken file stays, and its last read chunk ends as that of a file which ends there.
Result<RowPiece> CaptureRows::breakFile(Error error)
{
    if (!options_.skipBroken || !isBrokenInput(error))
        return error;
    RowPiece piece;
    piece.endsReadChunk = at_.rowsInChunk > 0 && endReadChunk();
    InputTotals& input = totals_.inputs[at_.input];
    totals_.warnings.push_back({Warning::Kind::BrokenInput, error, input.rows.kept});
    input.incomplete = std::move(error);
    ++broken_;
    leaveFile();
    return piece;
}

void CaptureRows::leaveOut(std::size_t input, Error error)
{
    totals_.warnings.push_back({Warning::Kind::SkippedInput, error});
    totals_.inputs[input].incomplete = std::move(error);
    totals_.inputs[input].leftOut = true;
    ++broken_;
}

// Files that cannot be read are no empty captures.
const Error* CaptureRows::whyNothingWasRead() const
{
    const bool nothing = options_.skipBroken && broken_ == totals_.inputs.size() && totals_.rows.read == 0;
    return nothing ? &*totals_.inputs.front().incomplete : nullptr;
}

void CaptureRows::leaveFile()
{
    source_ = nullptr;
    batch_ = nullptr;
    finishedBytes_ += plan_.inputs[nextInput_++].bytes;
    bytesInFile_ = 0;
}

bool CaptureRows::enoughPackets() const
{
    return options_.maxRecords > 0 && totals_.rows.kept >= static_cast<std::uint64_t>(options_.maxRecords);
}

// Rows of the batch at hand, which lie in one read chunk.
RowPiece CaptureRows::takeSegment()
{
    RowPiece piece;
    const std::uint32_t endRow = segmentEnd();
    const auto packetsEnd = static_cast<std::size_t>(
        std::partition_point(batch_->places.begin() + static_cast<std::ptrdiff_t>(at_.packet),
                             batch_->places.end(), [&](const auto& p) { return p.row < endRow; }) -
        batch_->places.begin());
    const std::uint64_t rows = endRow - at_.row, kept = packetsEnd - at_.packet;
    const std::uint64_t rejectedBefore = totals_.rows.rejected, notIpBefore = totals_.rows.notIp;
    takeRejects(endRow);
    takeOthers(endRow);
    pastWindowSeen_ = pastWindowSeen_ || batch_->firstPastWindow < endRow;
    if (kept > 0)
        piece.rows = {batch_, at_.packet, packetsEnd, totals_.rows.kept, at_.input, at_.linesBefore};
    const std::uint64_t rejected = totals_.rows.rejected - rejectedBefore,
                        notIp = totals_.rows.notIp - notIpBefore;
    InputTotals& input = totals_.inputs[at_.input];
    for (RowCounts* counts : {&totals_.rows, &input.rows}) {
        counts->read += rows;
        counts->kept += kept;
        counts->filtered += rows - kept - rejected - notIp;
    }
    input.rows.rejected += rejected;
    input.rows.notIp += notIp;
    input.frames.add(batch_->frames, at_.row, endRow, batch_->rows, repeats_);
    at_.rowsInChunk += rows;
    at_.keptInChunk += kept;
    at_.row = endRow;
    at_.packet = packetsEnd;
    if (at_.rowsInChunk == static_cast<std::uint64_t>(options_.readChunkRows) || enoughPackets()) {
        piece.endsReadChunk = endReadChunk();
        if (enoughPackets() || (skippedChunks_ >= skippedChunksBeforeStop && pastWindowSeen_))
            leaveFile(); // what follows in it lies behind the time window, or is not wanted
    }
    return piece;
}

// Where in the batch the read chunk ends, or the last packet that is wanted has been had; else its end.
std::uint32_t CaptureRows::segmentEnd() const
{
    const std::uint64_t leftInChunk = static_cast<std::uint64_t>(options_.readChunkRows) - at_.rowsInChunk;
    std::uint64_t end =
        std::min<std::uint64_t>(batch_->rows, at_.row + std::min<std::uint64_t>(leftInChunk, batch_->rows));
    if (options_.maxRecords > 0) {
        const std::uint64_t wanted = static_cast<std::uint64_t>(options_.maxRecords) - totals_.rows.kept;
        if (wanted <= batch_->places.size() - at_.packet)
            end =
                std::min<std::uint64_t>(end, batch_->places[at_.packet + wanted - 1].row + std::uint64_t{1});
    }
    return static_cast<std::uint32_t>(end);
}

void CaptureRows::takeRejects(std::uint32_t endRow)
{
    for (; at_.reject < batch_->rejects.size() && batch_->rejects[at_.reject].place.row < endRow;
         ++at_.reject) {
        PacketBatch::Reject& reject = batch_->rejects[at_.reject];
        ++totals_.rows.rejected;
        ++totals_.rejectedBy[static_cast<std::size_t>(reject.reason)];
        ++totals_.inputs[at_.input].rejectedBy[static_cast<std::size_t>(reject.reason)];
        if (totals_.firstRejected.size() < keptRejectedRows)
            totals_.firstRejected.push_back({at_.input, at_.linesBefore + reject.place.line + 1,
                                             source_->unit(), reject.reason, std::string(reject.column),
                                             std::move(reject.raw)});
    }
}

void CaptureRows::takeOthers(std::uint32_t endRow)
{
    const auto& others = batch_->others;
    for (; at_.other < others.size() && others[at_.other].row < endRow; ++at_.other) {
        ++totals_.rows.notIp;
        ++totals_.notIpBy[static_cast<std::size_t>(others[at_.other].kind)];
        ++totals_.inputs[at_.input].notIpBy[static_cast<std::size_t>(others[at_.other].kind)];
    }
}

// False for a read chunk of which nothing was kept: the reference does not look at it.
bool CaptureRows::endReadChunk()
{
    const bool skipped = at_.keptInChunk == 0;
    if (chunks_)
        chunks_->push_back({at_.rowsInChunk, at_.keptInChunk, pastWindowSeen_});
    at_.rowsInChunk = at_.keptInChunk = 0;
    skippedChunks_ = skipped ? skippedChunks_ + 1 : 0;
    return !skipped;
}

void CaptureRows::noteProgress(Progress& progress) const
{
    progress.bytesDone = finishedBytes_ + bytesInFile_; // more than there were, where a file grows
    if (progress.bytesTotal > 0)
        progress.bytesDone = std::min(progress.bytesDone, progress.bytesTotal);
    progress.rows = totals_.rows.read;
    progress.packets = totals_.rows.kept;
    progress.rejected = totals_.rows.rejected;
    progress.addresses = addresses_.size() - 1; // without the empty one
}

} // namespace packetloom
