// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/selected_rows.h"

#include "core/model/packet_extras.h"

#include <algorithm>
#include <utility>

namespace packetloom {
SelectedRows::SelectedRows(const CaptureAnalysis& whole, const FlowSelection& selection)
    : SpoolWalk(whole.spool, With::Extras),
      whole_(whole),
      selection_(selection),
      keptOfInput_(whole.totals.inputs.size())
{
}

RowPiece SelectedRows::pieceOf(std::shared_ptr<PacketBatch> batch)
{
    keepSelected(*batch);
    const std::size_t packets = batch->packets.size();
    RowPiece piece{
        .rows = {.batch = std::move(batch), .begin = 0, .end = packets, .firstRow = kept_, .input = input_}};
    kept_ += packets;
    return piece;
}

RowPiece SelectedRows::chunkEnd()
{
    return {.rows = {}, .endsReadChunk = true, .newest = std::exchange(newest_, std::nullopt)};
}

// The spool does not say which file a row is of; how many of each there are is known, and they are in order.
std::size_t SelectedRows::mostPackets()
{
    const auto& inputs = whole_.totals.inputs;
    while (input_ + 1 < inputs.size() && rowsOfInput_ == inputs[input_].rows.kept) {
        ++input_;
        rowsOfInput_ = 0;
    }
    if (input_ >= inputs.size() || rowsOfInput_ >= inputs[input_].rows.kept)
        return packetsABatch;
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(packetsABatch, inputs[input_].rows.kept - rowsOfInput_));
}

void SelectedRows::keepSelected(PacketBatch& batch)
{
    batch.places.resize(batch.packets.size()); // nobody knows them
    const bool known = batch.details.any();
    KeptOfBatch kept(batch);
    for (std::size_t i = 0; i < batch.packets.size(); ++i) {
        const Packet& packet = batch.packets[i];
        if (packet.isTcp())
            newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
        if (selection_.has(packet, known ? extrasOf(batch.details, i) : PacketExtras{}, row_ + i))
            kept.keep(i);
    }
    row_ += batch.packets.size();
    rowsOfInput_ += batch.packets.size();
    if (input_ < keptOfInput_.size())
        keptOfInput_[input_] += kept.count();
    kept.finish();
}

void SelectedRows::noteProgress(Progress& progress) const
{
    progress.rows = row_;
    progress.packets = kept_;
    progress.bytesDone = bytesRead();
    progress.addresses = whole_.totals.uniqueAddresses;
}

void SelectedRows::finish(RunTotals& totals)
{
    totals = whole_.totals;
    const auto keep = [](RowCounts& rows, std::uint64_t kept) {
        rows.filtered += rows.kept - kept;
        rows.kept = kept;
    };
    keep(totals.rows, kept_);
    for (std::size_t i = 0; i < totals.inputs.size(); ++i)
        keep(totals.inputs[i].rows, keptOfInput_[i]);
    for (auto& warning : totals.warnings) { // how many rows of an input are in
        for (std::size_t i = 0; i < totals.inputs.size(); ++i) {
            if (warning.kept > 0 && i < whole_.inputs.size() && warning.error.file == whole_.inputs[i])
                warning.kept = keptOfInput_[i];
        }
    }
    // The run counts these of the rows that it got.
    for (auto& input : totals.inputs)
        input.order = {};
    totals.tcpPackets = totals.uniqueAddresses = totals.flows = 0;
    totals.firstTimestamp = totals.lastTimestamp = 0;
    std::erase_if(totals.warnings, [](const Warning& w) { return w.kind == Warning::Kind::NothingKept; });
}

} // namespace packetloom
