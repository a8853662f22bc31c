// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/process_mark.h"

#include <filesystem>
#include <optional>
#include <string>

namespace packetloom {

/// Who works on a task.
struct TaskWorker
{
    ProcessMark process;
    std::string slurmJob; ///< as Slurm's users write it, "12" or "12_3" of an array; empty without Slurm

    friend bool operator==(const TaskWorker&, const TaskWorker&) = default;
};

/// This process.
TaskWorker thisWorker();

// A small file in a task's working folder, for people and for status alone: no task depends on it. So all of
// this is best effort; a disk that is full is found by the task's own files.
void noteWorker(const std::filesystem::path& working, const TaskWorker& worker);
void forgetWorker(const std::filesystem::path& working);
/// Nothing when there is no such file (yet), or it is none of ours.
std::optional<TaskWorker> workerOf(const std::filesystem::path& working);

} // namespace packetloom
