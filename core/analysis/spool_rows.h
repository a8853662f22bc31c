// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packet_spool.h"
#include "core/run/row_source.h"
#include "core/support/recycler.h"

#include <cstdint>

namespace packetloom {

/// Walks a spool: batches of packets, and read chunks where they ended. What becomes of a batch, the rest
/// says.
class SpoolWalk : public RowSource
{
public:
    /// Errors: Read, Cancelled.
    Result<std::optional<RowPiece>> next(const GoOn& goOn) final;

protected:
    static constexpr std::size_t packetsABatch = 4096;

    enum class With : std::uint8_t { PacketsAlone, Extras };
    /// `spool` must outlive it.
    SpoolWalk(const PacketSpool& spool, With with) : cursor_(spool), with_(with) {}

    /// Of the next batch, at least one.
    virtual std::size_t mostPackets() { return packetsABatch; }
    /// Of packets that lie in one read chunk; none at the very end.
    virtual RowPiece pieceOf(std::shared_ptr<PacketBatch> batch) = 0;
    /// Where one ended.
    virtual RowPiece chunkEnd() { return {.rows = {}, .endsReadChunk = true}; }
    /// Of the temporary file.
    [[nodiscard]] std::uint64_t bytesRead() const { return cursor_.bytesRead(); }

private:
    PacketSpool::Cursor cursor_;
    const With with_;
    Recycler<PacketBatch> recycler_;
    std::shared_ptr<PacketBatch> held_; ///< the packets behind a read chunk that has just ended
    bool ended_ = false;
};

/// The rows of an analysis once more, out of its spool: with the same addresses and read chunks, without
/// where they stood in their files and without details.
class SpoolRows final : public SpoolWalk
{
public:
    /// `spool` must outlive it. `addresses`: how many there are, for the progress.
    SpoolRows(const PacketSpool& spool, std::uint64_t addresses)
        : SpoolWalk(spool, With::PacketsAlone), addresses_(addresses)
    {
    }

    void noteProgress(Progress& progress) const override;
    /// Nothing: whoever has the spool has the totals.
    void finish(RunTotals&) override {}

private:
    RowPiece pieceOf(std::shared_ptr<PacketBatch> batch) override;

    std::uint64_t addresses_;
    std::uint64_t row_ = 0; ///< of the next packet that is given
};

} // namespace packetloom
