// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/cut.h"
#include "core/shard/job.h"
#include "core/shard/map.h"
#include "core/shard/map_facts.h"
#include "core/shard/task_folder.h"
#include "core/support/result.h"

#include <cstddef>
#include <filesystem>

namespace packetloom {

/// Calls each(folder) for the folder of every map task that counts, in input order: where a task read on too
/// far, that of its input read again, as far as it counts. Errors: those of `each` and of writeMap().
template <class Each>
Result<void> forEachMap(const Job& job, const Cut& cut, const TaskContext& context, const Each& each)
{
    for (std::size_t i = 0; i < cut.tasks.size(); ++i) {
        const CutTask& task = cut.tasks[i];
        if (!task.wanted)
            continue;
        if (!task.cut) {
            if (auto done = each(i, taskFolder(job, {TaskKind::Map, i})); !done)
                return done;
            continue;
        }
        const auto again = TaskFolder::begin(job, {TaskKind::Map, i});
        if (!again)
            return again.error();
        const MapLimits limits{.before = task.before, .maxRecords = task.maxRecords, .parts = false};
        if (auto written = writeMap(job, i, limits, again->path(), context); !written)
            return written;
        if (auto done = each(i, again->path()); !done)
            return done;
    }
    return {};
}

} // namespace packetloom
