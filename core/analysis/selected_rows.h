// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_selection.h"
#include "core/analysis/spool_rows.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// The packets of some flows of an analysis, out of its spool. They are judged as they were there: at the
/// same read chunks, by the newest time of all packets. All other rows count as filtered. Where rows stood in
/// their files is not known.
class SelectedRows final : public SpoolWalk
{
public:
    /// Both must outlive it; the selection must be one of the analysis.
    SelectedRows(const CaptureAnalysis& whole, const FlowSelection& selection);

    void noteProgress(Progress& progress) const override;
    void finish(RunTotals& totals) override;

private:
    /// Those that are left of the input: a batch is of one.
    std::size_t mostPackets() override;
    RowPiece pieceOf(std::shared_ptr<PacketBatch> batch) override;
    RowPiece chunkEnd() override;
    void keepSelected(PacketBatch& batch);

    const CaptureAnalysis& whole_;
    const FlowSelection& selection_;
    std::optional<std::int64_t> newest_;     ///< newest time of a TCP packet of the read chunk
    std::vector<std::uint64_t> keptOfInput_; ///< so far
    std::size_t input_ = 0;                  ///< of the rows at hand
    std::uint64_t rowsOfInput_ = 0;          ///< that were read of it
    std::uint64_t row_ = 0;                  ///< number of the next row of the spool
    std::uint64_t kept_ = 0;
};

} // namespace packetloom
