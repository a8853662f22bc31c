// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/block_file.h"
#include "core/shard/chunk_files.h"
#include "core/shard/job.h"
#include "core/shard/packed_bytes.h"
#include "core/shard/task_folder.h"
#include "core/stats/flow_tally.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
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
    std::filesystem::path
        folder; ///< of the chunk files, absolute, if it is not in the task's (chunk_place.h)
};

inline constexpr std::string_view mergeFactsFile = "facts", mergeIndexFile = "index",
                                  mergeFlowsFolder = "flows";

/// What the facts of a merge task belong to.
BlockFileName mergeFactsName(const Job& job, std::size_t number, std::size_t of);

/// Opens the facts of a merge task that is done, and calls take(in) for their first block, of which it must
/// leave nothing. Errors: JobTrouble::Damaged, Open, Read.
template <class Take>
Result<BlockReader> readFirstFacts(const Job& job, std::size_t number, std::size_t of, const Take& take)
{
    auto file = BlockReader::open(taskFolder(job, {TaskKind::Merge, number, of}) / mergeFactsFile,
                                  mergeFactsName(job, number, of));
    if (!file)
        return file;
    if (file->blocks().empty())
        return file->damaged("it tells nothing");
    std::string bytes;
    const auto payload = file->read(file->blocks().front(), bytes);
    if (!payload)
        return payload.error();
    BytesIn in(*payload);
    take(in);
    if (in.bad() || !in.atEnd())
        return file->damaged("a block is none");
    return file;
}

/// Into the folder of a merge task. Errors: Write, NoSpace.
Result<void> writeMergeFacts(const Job& job, std::size_t number, std::size_t of, const MergeFacts& facts,
                             const std::filesystem::path& folder);
/// Errors: JobTrouble::Damaged, Open, Read.
Result<MergeFacts> readMergeFacts(const Job& job, std::size_t number, std::size_t of);
/// MergeFacts::folder alone. Errors: the same.
Result<std::filesystem::path> readChunkFolder(const Job& job, std::size_t number, std::size_t of);

} // namespace packetloom
