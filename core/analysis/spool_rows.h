// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packet_spool.h"
#include "core/run/row_source.h"
#include "core/support/recycler.h"

#include <cstdint>

namespace packetloom {

/// The rows of an analysis once more, out of its spool: with the same addresses and read chunks, without
/// where they stood in their files.
class SpoolRows final : public RowSource
{
public:
    /// `spool` must outlive it. `addresses`: how many there are, for the progress.
    SpoolRows(const PacketSpool& spool, std::uint64_t addresses) : cursor_(spool), addresses_(addresses) {}

    Result<std::optional<RowPiece>> next(const GoOn& goOn) override;
    void noteProgress(Progress& progress) const override;
    /// Nothing: whoever has the spool has the totals.
    void finish(RunTotals&) override {}

private:
    PacketSpool::Cursor cursor_;
    std::uint64_t addresses_;
    Recycler<PacketBatch> recycler_;
    std::shared_ptr<PacketBatch> held_; ///< the packets behind a read chunk that has just ended
    std::uint64_t row_ = 0;             ///< of the next packet that is given
    bool ended_ = false;
};

} // namespace packetloom
