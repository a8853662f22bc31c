// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/frame_batch.h"
#include "core/input/capture/frame_reader.h"
#include "core/input/packet_source.h"
#include "core/input/read_ahead.h"

#include <memory>
#include <optional>

namespace packetloom {

/// The frames of one capture file in file order, read ahead and decoded on a pool's threads (ReadAhead). Its
/// lines are frames.
class CaptureStream final : public PacketSource, private PieceReader
{
public:
    /// What streams of one run share, so that each file uses the memory of the one before.
    struct Buffers
    {
        Recycler<FrameBlock> blocks;
        Recycler<PacketBatch> batches;
    };

    /// `pool` and `buffers` must outlive the stream.
    CaptureStream(std::unique_ptr<FrameReader> reader, const FrameRules& rules, TaskPool& pool,
                  Buffers& buffers);

    /// Errors: Read and Inflate; the line is that of the packet that could not be read.
    Result<std::shared_ptr<PacketBatch>> next() override { return ahead_.next(); }
    [[nodiscard]] std::uint64_t linesBefore() const override { return ahead_.linesBefore(); }
    [[nodiscard]] InputChange change() const override { return reader_->source().change(); }
    [[nodiscard]] std::optional<std::uint64_t> ignoredFrom() const override
    {
        return reader_->source().ignoredFrom();
    }
    [[nodiscard]] RowUnit unit() const override { return RowUnit::Packet; }
    [[nodiscard]] std::optional<Error> endedEarly() const override { return reader_->endedEarly(); }

private:
    Piece read(PacketBatch& batch, Work& work) override;
    [[nodiscard]] Error error() const override { return *error_; }

    std::unique_ptr<FrameReader> reader_;
    const FrameRules rules_;
    Buffers& buffers_;
    std::optional<Error> error_;
    ReadAhead ahead_; ///< last: its tasks use the others
};

} // namespace packetloom
