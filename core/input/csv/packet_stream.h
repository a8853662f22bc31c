// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/time_window.h"
#include "core/input/csv/block_parser.h"
#include "core/input/csv/packet_reader.h"
#include "core/input/packet_source.h"
#include "core/input/read_ahead.h"
#include "core/support/recycler.h"
#include "core/support/task_pool.h"

#include <memory>

namespace packetloom {

/// The rows of one capture in file order, read ahead and parsed on a pool's threads (ReadAhead).
class PacketStream final : public PacketSource, private PieceReader
{
public:
    using Batch = std::shared_ptr<PacketBatch>;
    /// What streams of one run share, so that each file uses the memory of the one before.
    struct Buffers
    {
        Recycler<TextBlock> blocks;
        Recycler<PacketBatch> batches;
        Recycler<BlockParser> parsers;
    };

    /// `reader` has read its header. `pool` and `buffers` must outlive the stream.
    PacketStream(std::unique_ptr<PacketReader> reader, const TimeWindow& window, TaskPool& pool,
                 Buffers& buffers);

    /// The next batch, its addresses not resolved; null at the end. Errors: Read, Inflate, InflateEnd; the
    /// line is that of the row that could not be read.
    Result<Batch> next() override { return ahead_.next(); }
    /// Lines before the batch that next() gave last.
    [[nodiscard]] std::uint64_t linesBefore() const override { return ahead_.linesBefore(); }
    /// After the end: what happened to the file meanwhile.
    [[nodiscard]] InputChange change() const override { return reader_->source().change(); }
    /// After the end: see ByteSource::ignoredFrom().
    [[nodiscard]] std::optional<std::uint64_t> ignoredFrom() const override
    {
        return reader_->source().ignoredFrom();
    }

private:
    Piece read(PacketBatch& batch, Work& work) override;
    [[nodiscard]] Error error() const override { return reader_->error(); }

    std::unique_ptr<PacketReader> reader_;
    const TimeWindow window_;
    Buffers& buffers_;
    ReadAhead ahead_; ///< last: its tasks use the others
};

} // namespace packetloom
