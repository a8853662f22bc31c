// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/map.h"
#include "core/support/result.h"

#include <cstddef>

namespace packetloom {

/// Does merge task `number` of `of`: numbers the flows, and writes the chunk files of its share, which begins
/// with a chunk file. What is done already is not done again. Errors: JobTrouble::NoSuchTask, NotDone,
/// Damaged; Read, Write, NoSpace, MemoryLimit, Cancelled.
Result<void> runMergeTask(const Job& job, std::size_t number, std::size_t of, const TaskContext& context);

} // namespace packetloom
