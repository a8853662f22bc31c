// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/task_folder.h"

#include "core/shard/chunk_place.h"
#include "core/shard/job_trouble.h"
#include "core/shard/task_worker.h"
#include "core/support/file_sync.h"
#include "core/support/folder.h"
#include "core/support/hash_mix.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <system_error>

namespace packetloom {
namespace {

std::string padded(std::size_t number)
{
    auto digits = std::to_string(number);
    if (digits.size() < 5)
        digits.insert(0, 5 - digits.size(), '0');
    return digits;
}

constexpr std::array<std::string_view, 3> kindNames{"map", "reduce", "merge"};

std::string_view nameOf(TaskKind kind)
{
    return kindNames[static_cast<std::size_t>(kind)];
}

std::string folderName(const TaskId& task)
{
    return padded(task.number) + (task.kind == TaskKind::Merge ? "-of-" + padded(task.of) : "");
}

} // namespace

std::string TaskId::name() const
{
    return std::string(nameOf(kind)) + ' ' + std::to_string(number) +
           (kind == TaskKind::Merge ? " of " + std::to_string(of) : "");
}

std::filesystem::path taskFolder(const Job& job, const TaskId& task)
{
    return job.folder / nameOf(task.kind) / folderName(task);
}

bool isInJob(const Job& job, const std::filesystem::path& path)
{
    std::error_code error;
    const auto whole = [&](const std::filesystem::path& one) {
        const auto absolute = std::filesystem::absolute(one, error);
        const auto real = std::filesystem::weakly_canonical(absolute, error);
        return error ? absolute.lexically_normal() : real;
    };
    const auto begins = [](const std::filesystem::path& inner, const std::filesystem::path& outer) {
        return std::mismatch(inner.begin(), inner.end(), outer.begin(), outer.end()).second == outer.end();
    };
    const auto folder = whole(job.folder), place = whole(path);
    return begins(place, folder) || begins(folder, place);
}

bool taskIsDone(const Job& job, const TaskId& task)
{
    return entryOf(taskFolder(job, task)).kind == Entry::Kind::Folder &&
           (task.kind != TaskKind::Merge || !lostChunks(job, task));
}

std::string uniqueName(const TaskId& task)
{
    std::array<char, 17> unique{};
    std::snprintf(unique.data(), unique.size(), "%016llx",
                  static_cast<unsigned long long>(HashKey()(task.number)));
    return folderName(task) + '-' + unique.data();
}

Result<void> checkDone(const Job& job, const TaskId& task)
{
    if (!taskIsDone(job, task))
        return jobError(JobTrouble::NotDone, job.folder, task.name());
    return {};
}

Result<TaskFolder> TaskFolder::begin(const Job& job, const TaskId& task)
{
    const auto done = taskFolder(job, task);
    std::error_code error;
    std::filesystem::create_directories(done.parent_path(), error);
    if (!error) {
        const auto working = done.parent_path() / ('.' + uniqueName(task));
        error = makeNewFolder(working);
        if (!error) {
            noteWorker(working, thisWorker());
            return TaskFolder(working, done);
        }
    }
    return Error{.code = error == std::errc::no_space_on_device ? Errc::NoSpace : Errc::Write,
                 .detail = error.message(),
                 .file = done.parent_path()};
}

TaskFolder::~TaskFolder()
{
    std::error_code ignored;
    if (!working_.empty())
        std::filesystem::remove_all(working_, ignored);
}

Result<void> TaskFolder::commit()
{
    if (auto synced = syncTree(working_); !synced)
        return synced;
    forgetWorker(
        working_); // last, for syncing may take long; one that comes back when the machine dies is harmless
    if (const auto error = renameToNew(working_, done_)) {
        if (entryOf(done_).kind != Entry::Kind::Folder)
            return Error{.code = Errc::Write, .detail = error.message(), .file = done_};
        // NFS may ask a server twice, which then says of what it has done that there is nothing to be
        // renamed.
        const bool ours = entryOf(working_).kind == Entry::Kind::None;
        if (!ours)
            return {}; // somebody else was first
    }
    working_.clear();
    return syncFolder(done_.parent_path());
}

} // namespace packetloom
