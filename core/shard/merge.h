// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/block_file.h"
#include "core/shard/chunk_files.h"
#include "core/shard/job.h"
#include "core/shard/map.h"
#include "core/stats/flow_tally.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace packetloom {

/// What a merge task made: some chunk files that follow each other, and their entries of the index.
struct MergeFacts
{
    std::uint64_t firstFlow = 0; ///< from 0, in order of completion
    std::uint64_t flows = 0, chunks = 0;
    std::uint64_t bytes = 0; ///< of the chunk files
    std::uint64_t indexBytes = 0;
    std::uint32_t indexSum = 0; ///< CRC-32
    FlowTally tally;
    std::vector<ChunkFile> files; ///< as many as `chunks`
};

inline constexpr std::string_view mergeFactsFile = "facts", mergeIndexFile = "index",
                                  mergeFlowsFolder = "flows";

/// Does merge task `number` of `of`: numbers the flows, and writes the chunk files of its share, which begins
/// with a chunk file. What is done already is not done again. Errors: JobTrouble::NoSuchTask, NotDone,
/// Damaged; Read, Write, NoSpace, MemoryLimit, Cancelled.
Result<void> runMergeTask(const Job& job, std::size_t number, std::size_t of, const TaskContext& context);

/// Errors: JobTrouble::Damaged, Open, Read.
Result<MergeFacts> readMergeFacts(const Job& job, std::size_t number, std::size_t of);

} // namespace packetloom
