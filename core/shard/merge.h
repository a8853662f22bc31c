// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/map.h"
#include "core/support/result.h"

#include <cstddef>
#include <filesystem>

namespace packetloom {

/// Does merge task `number` of `of`: numbers the flows, and writes the chunk files of its share, which begins
/// with a chunk file. Chunk files are put into the job, or beside the folder `dataset` where one is named
/// (chunk_place.h). What is done already is not done again, wherever its chunk files are. Errors:
/// JobTrouble::NoSuchTask, NotDone, Damaged; those of chunkPlace(); Read, Write, NoSpace, MemoryLimit,
/// Cancelled.
Result<void> runMergeTask(const Job& job, std::size_t number, std::size_t of, const TaskContext& context,
                          const std::filesystem::path& dataset = {});

} // namespace packetloom
