// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/map.h"
#include "core/support/result.h"

#include <cstddef>

namespace packetloom {

/// Does a reduce task: part `shard` of all map tasks, in input order, to flows, judged where one run would.
/// What is done already is not done again. Errors: JobTrouble::NoSuchTask, NotDone, Damaged; Read, Write,
/// NoSpace, MemoryLimit, Cancelled.
Result<void> runReduceTask(const Job& job, std::size_t shard, const TaskContext& context);

} // namespace packetloom
