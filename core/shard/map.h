// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/capture_rows.h"
#include "core/run/progress.h"
#include "core/shard/job.h"
#include "core/shard/map_facts.h"
#include "core/support/result.h"
#include "core/support/stop_event.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace packetloom {

/// What a task of a job works with.
struct TaskContext
{
    const Heartbeat& heartbeat;
    const StopEvent* stop = nullptr; ///< wakes what waits
};

/// Does a map task: reads its input once, and writes its folder. What is done already is not done again.
/// Errors: those of preflight() and of reading, JobTrouble::NoSuchTask, InputChanged; Write, NoSpace,
/// MemoryLimit, Cancelled.
Result<void> runMapTask(const Job& job, std::size_t task, const TaskContext& context);

/// Where reading begins that is not that of the first task, and what is wanted of it.
struct MapLimits
{
    CaptureRows::Before before;
    std::int64_t maxRecords = 0; ///< as Options::maxRecords
    bool parts = true;           ///< whether packets are wanted, too
};
/// The files of a map task in `folder`, which exists. What it writes depends on the job, the task and the
/// limits alone.
Result<void> writeMap(const Job& job, std::size_t task, const MapLimits& limits,
                      const std::filesystem::path& folder, const TaskContext& context);

} // namespace packetloom
