// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/packet_stream.h"

namespace packetloom {

PacketStream::PacketStream(std::unique_ptr<PacketReader> reader, const TimeWindow& window, TaskPool& pool,
                           Buffers& buffers)
    : reader_(std::move(reader)),
      window_(window),
      buffers_(buffers),
      ahead_(*this, pool, buffers.batches, reader_->headerLines())
{
}

PieceReader::Piece PacketStream::read(PacketBatch& batch, Work& work)
{
    auto block = buffers_.blocks.take();
    const auto piece = reader_->nextPiece(window_, *block, batch);
    batch.bytesOnDisk = reader_->source().bytesOnDisk();
    switch (piece) {
    case PacketReader::Piece::Text:
        work = [this, block = std::move(block)](PacketBatch& into) {
            buffers_.parsers.take()->parse(*block, reader_->columns(), window_, into, reader_->layout());
        };
        return Piece::Work;
    case PacketReader::Piece::Rows:
        return Piece::Packets;
    case PacketReader::Piece::Failed:
        return Piece::Failed;
    case PacketReader::Piece::End:
        break;
    }
    return Piece::End;
}

} // namespace packetloom
