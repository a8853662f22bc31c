// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/spool_rows.h"

#include <utility>

namespace packetloom {

Result<std::optional<RowPiece>> SpoolWalk::next(const GoOn& goOn)
{
    if (ended_)
        return std::optional<RowPiece>();
    auto batch = std::move(held_);
    if (!batch) {
        if (!goOn(packetsABatch, 0))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        batch = recycler_.take();
        batch->clear();
        auto afterReadChunk =
            cursor_.next(batch->packets, mostPackets(), with_ == With::Extras ? &batch->details : nullptr);
        if (!afterReadChunk)
            return std::move(afterReadChunk).error();
        ended_ = batch->packets.empty();
        if (ended_ || *afterReadChunk) {
            held_ = std::move(batch);
            return std::optional(chunkEnd());
        }
    }
    return std::optional(pieceOf(std::move(batch)));
}

RowPiece SpoolRows::pieceOf(std::shared_ptr<PacketBatch> batch)
{
    const std::size_t packets = batch->packets.size();
    RowPiece piece{.rows = {.batch = std::move(batch), .begin = 0, .end = packets, .firstRow = row_}};
    row_ += packets;
    return piece;
}

void SpoolRows::noteProgress(Progress& progress) const
{
    progress.rows = progress.packets = row_;
    progress.bytesDone = bytesRead();
    progress.addresses = addresses_;
}

} // namespace packetloom
