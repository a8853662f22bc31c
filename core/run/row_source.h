// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/kept_rows.h"
#include "core/run/progress.h"
#include "core/run/run_result.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace packetloom {

/// Rows that follow each other in one read chunk, perhaps none.
struct RowPiece
{
    KeptRows rows;
    bool endsReadChunk = false; ///< flows are judged after them
    /// Then, where the source left rows out that judge, too: the newest time of a TCP packet of the read
    /// chunk (docs/flows.md, 8); else it is that of the rows.
    std::optional<std::int64_t> newest = std::nullopt;
};

/// Kept rows in file order: what a run is about, wherever they come from. One thread.
class RowSource
{
public:
    /// Asked before tables may grow: so many rows come at once, for which the source's own tables may take
    /// `coming` bytes at once. False ends the run: Cancelled.
    using GoOn = std::function<bool(std::size_t rows, std::uint64_t coming)>;

    RowSource() = default;
    RowSource(const RowSource&) = delete;
    RowSource& operator=(const RowSource&) = delete;
    virtual ~RowSource() = default;

    /// Nothing at the end.
    virtual Result<std::optional<RowPiece>> next(const GoOn& goOn) = 0;
    /// How far it is.
    virtual void noteProgress(Progress& progress) const = 0;
    /// After the end: what it knows of the rows, and of the inputs.
    virtual void finish(RunTotals& totals) = 0;
};

} // namespace packetloom
