// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/task_folder.h"
#include "core/shard/task_worker.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace packetloom {

/// How far a task is, by what stands in the job's folder, and by the processes of this machine.
enum class TaskState : std::uint8_t {
    Missing, ///< nobody began it, or whoever did is gone without a trace
    Running, ///< a process of this machine works on it
    Begun,   ///< somebody began it elsewhere: it runs there, or was killed
    Killed,  ///< who began it on this machine is gone, and nobody else began it
    Failed,  ///< it ended with an error, and nobody who may be at work began it again
    Done,
};

struct TaskStatus
{
    TaskId id;
    TaskState state = TaskState::Missing;
    std::string failure; ///< of Failed, and of Begun where somebody failed before or since: what was noted
    /// Of Running, Begun and Killed: who; of several the one that the state is about. Nothing when its folder
    /// does not say.
    std::optional<TaskWorker> worker;
    /// Of a merge that was done: the folder beside the dataset that its chunk files are gone from.
    std::filesystem::path lost;
};

/// All map and reduce tasks, and those of the merge that is furthest: with most tasks done, else begun, else
/// failed; of none at all the only one.
struct JobStatus
{
    std::vector<TaskStatus> tasks;
    /// Folders beside datasets with chunk files of the job (chunkPlace()): what is not in the job.
    std::set<std::filesystem::path> places;

    [[nodiscard]] std::size_t count(TaskKind kind, TaskState state) const;
    [[nodiscard]] std::size_t count(TaskKind kind) const;
};
JobStatus statusOf(const Job& job);

/// Into how many tasks the merge was cut that is done. Errors: JobTrouble::NotDone, ChunksGone.
Result<std::size_t> finishedMerges(const Job& job);

/// Leaves word of a task that failed, for status; best effort. It goes with the task's being done or begun.
void noteFailure(const Job& job, const TaskId& task, const std::string& text);
void clearFailure(const Job& job, const TaskId& task);

} // namespace packetloom
