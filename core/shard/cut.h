// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/capture_rows.h"
#include "core/shard/job.h"
#include "core/shard/map_facts.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// What of a map task's rows is in the dataset.
struct CutTask
{
    bool wanted = true;           ///< one run would have come to it
    std::vector<MapChunk> chunks; ///< those that count; of the last one `kept` is what is left of it
    std::uint64_t firstRow = 0;   ///< number of its first kept row among all
    std::uint64_t rows = 0;       ///< kept rows that count
    std::size_t firstChunk = 0;   ///< number of its first read chunk among all
    /// The task read on where one run would have stopped: its statistics count too much. They are right when
    /// it is read again with `before` and `maxRecords`.
    bool cut = false;
    CaptureRows::Before before;
    std::int64_t maxRecords = 0;
};

/// Where one run of all inputs would have stopped: a time window ends the reading of a file
/// (docs/reading.md, 27) and --max-records that of all by what lies before, which no map task knows. Each
/// reads what it would as the first of all, which is never less, and this takes away what is too much.
struct Cut
{
    std::vector<CutTask> tasks;
    std::uint64_t rows = 0;
    std::size_t chunks = 0;
};

/// What counts of the tasks' read chunks.
Cut cutOf(const Job& job, std::vector<std::vector<MapChunk>> chunks);
/// The same of the map tasks' files, with the newest times (MapChunk::newest) of what was cut. Errors:
/// JobTrouble::NotDone, Damaged; Open, Read.
Result<Cut> readCut(const Job& job);

} // namespace packetloom
