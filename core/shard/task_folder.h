// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace packetloom {

inline constexpr std::size_t mostMerges = 65536;

enum class TaskKind : std::uint8_t { Map, Reduce, Merge };

/// One task of a job.
struct TaskId
{
    TaskKind kind = TaskKind::Map;
    std::size_t number = 0; ///< from 0
    std::size_t of = 0;     ///< of a merge: how many there are, up to mostMerges

    [[nodiscard]] std::string name() const; ///< "map 3", "merge 0 of 2"
    friend bool operator==(const TaskId&, const TaskId&) = default;
};

/// Where a task's files are once it is done; before that there is nothing at this name.
std::filesystem::path taskFolder(const Job& job, const TaskId& task);
/// Of a merge also that its chunk files are where they were put (chunk_place.h).
bool taskIsDone(const Job& job, const TaskId& task);
/// The name of its folder with 16 digits behind that nobody can know before.
std::string uniqueName(const TaskId& task);
/// Error: JobTrouble::NotDone.
Result<void> checkDone(const Job& job, const TaskId& task);

/// Whether a path is the job's folder, in it, or holds it, through links or not.
bool isInJob(const Job& job, const std::filesystem::path& path);

/// A task's files on their way: a folder beside the one that it becomes with commit(), gone without that.
/// Until then it says who works in it (core/shard/task_worker.h). Any
/// number of processes may work on the same task at once: the first to commit wins, and the others, whose
/// files would be the same, are content.
class TaskFolder
{
public:
    /// Errors: Write, NoSpace.
    static Result<TaskFolder> begin(const Job& job, const TaskId& task);
    TaskFolder(TaskFolder&& other) noexcept
        : working_(std::move(other.working_)), done_(std::move(other.done_))
    {
        other.working_.clear();
    }
    TaskFolder& operator=(TaskFolder&&) = delete;
    TaskFolder(const TaskFolder&) = delete;
    TaskFolder& operator=(const TaskFolder&) = delete;
    ~TaskFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return working_; }
    /// When all files in it are closed: syncs them, and gives the folder its name.
    Result<void> commit();
    /// Whether it got the name: then what is at it is what was in this one.
    [[nodiscard]] bool committed() const { return working_.empty(); }

private:
    TaskFolder(std::filesystem::path working, std::filesystem::path done)
        : working_(std::move(working)), done_(std::move(done))
    {
    }

    std::filesystem::path working_; ///< empty once it is not ours any more
    std::filesystem::path done_;
};

} // namespace packetloom
