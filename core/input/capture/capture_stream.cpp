// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/capture_stream.h"

#include <utility>

namespace packetloom {

CaptureStream::CaptureStream(std::unique_ptr<FrameReader> reader, const FrameRules& rules, TaskPool& pool,
                             Buffers& buffers)
    : reader_(std::move(reader)), rules_(rules), buffers_(buffers), ahead_(*this, pool, buffers.batches, 0)
{
}

PieceReader::Piece CaptureStream::read(PacketBatch& batch, Work& work)
{
    auto block = buffers_.blocks.take();
    auto more = reader_->next(*block);
    batch.bytesOnDisk = reader_->source().bytesOnDisk();
    if (!more) {
        error_ = std::move(more).error();
        return Piece::Failed;
    }
    if (!*more)
        return Piece::End;
    work = [this, block = std::move(block)](PacketBatch& into) {
        readFrames(*block, reader_->interfaces(), rules_, into);
    };
    return Piece::Work;
}

} // namespace packetloom
