// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/task_folder.h"
#include "core/support/result.h"

#include <filesystem>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace packetloom {

// Chunk files are most of what a job writes. A merge task can put its own not into the job but beside the
// dataset that they are for, on its file system: there finish gives them a second name, and copies nothing
// (docs/scale.md, 14). All else of the task is in the job, and its facts say where the chunk files are.

/// Where those of this job go: a hidden folder beside the dataset's, which need not be there. Looks only.
/// Errors: those of outputPlace(); JobTrouble::OutputInJob, and NoChunkFiles for a job without chunk files.
Result<std::filesystem::path> chunkPlace(const Job& job, const std::filesystem::path& dataset);

/// Where the chunk files of a merge task are that has its folder, if they are not in that. Nothing where its
/// facts cannot be read, too: readMergeFacts() tells why.
std::optional<std::filesystem::path> chunksElsewhere(const Job& job, const TaskId& merge);
/// The same if there is no folder any more, or this machine does not see it: the task is not done then.
std::optional<std::filesystem::path> lostChunks(const Job& job, const TaskId& merge);
/// Takes what such a task left out of the way of another try. Error: Write.
Result<void> dropLost(const Job& job, const TaskId& merge);

/// Leaves word in the job of a chunkPlace(), before anything is written there. Errors: Write, NoSpace.
Result<void> notePlace(const Job& job, const std::filesystem::path& place);
/// Those of which word was left and that this machine sees, whatever became of the tasks.
std::set<std::filesystem::path> notedPlaces(const Job& job);

/// Chunk files of a merge task on their way: a folder at a chunkPlace() of a name that no other has, so that
/// it never needs another one. Gone without keep(), with the folders above it that it made.
class ChunkFolder
{
public:
    /// Errors: Write, NoSpace.
    static Result<ChunkFolder> begin(const std::filesystem::path& place, const TaskId& merge);
    ChunkFolder(ChunkFolder&& other) noexcept
        : path_(std::exchange(other.path_, {})), madeAbove_(std::exchange(other.madeAbove_, {}))
    {
    }
    ChunkFolder& operator=(ChunkFolder&&) = delete;
    ChunkFolder(const ChunkFolder&) = delete;
    ChunkFolder& operator=(const ChunkFolder&) = delete;
    ~ChunkFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Has all of it on the disk. Errors: Write, NoSpace.
    Result<void> sync();
    /// The job's facts speak of it now.
    void keep() { path_.clear(); }

private:
    ChunkFolder(std::filesystem::path path, std::vector<std::filesystem::path> madeAbove)
        : path_(std::move(path)), madeAbove_(std::move(madeAbove))
    {
    }

    std::filesystem::path path_;                   ///< empty once it is to stay
    std::vector<std::filesystem::path> madeAbove_; ///< innermost first
};

} // namespace packetloom
