// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/status.h"

#include "core/shard/job_trouble.h"
#include "core/support/file.h"
#include "core/support/folder.h"
#include "core/support/path_text.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <system_error>

namespace packetloom {
namespace {

constexpr std::uint64_t longestFailure = std::uint64_t{64} << 10;

std::set<std::string> namesIn(const std::filesystem::path& folder)
{
    std::set<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        names.insert(pathText(entry->path().filename()));
    return names;
}

std::filesystem::path failureFile(const Job& job, const TaskId& task)
{
    auto file = taskFolder(job, task);
    file += ".failed";
    return file;
}

/// Whether whoever began the task in that working folder is still at it.
TaskState stateOf(const std::optional<TaskWorker>& worker)
{
    switch (worker ? look(worker->process) : Sighting::OutOfSight) {
    case Sighting::Alive:
        return TaskState::Running;
    case Sighting::Gone:
        return TaskState::Killed;
    case Sighting::OutOfSight:
        break;
    }
    return TaskState::Begun;
}

/// Of several that began it, one that runs tells most, and one that was killed least.
void takeWorkers(const Job& job, TaskStatus& status, const std::set<std::string>& names)
{
    const auto done = taskFolder(job, status.id);
    const auto begin = '.' + pathText(done.filename()) + '-';
    for (auto name = names.lower_bound(begin); name != names.end() && name->starts_with(begin); ++name) {
        const auto working = done.parent_path() / pathFromText(*name);
        auto worker = workerOf(working);
        const auto state = stateOf(worker);
        if (state == TaskState::Killed && entryOf(working).kind != Entry::Kind::Folder)
            continue; // it ended in good order since the names were read
        if (status.state != TaskState::Missing && status.state <= state)
            continue;
        status.state = state;
        status.worker = std::move(worker);
    }
}

TaskStatus stateOf(const Job& job, const TaskId& task, const std::set<std::string>& names)
{
    const std::string name = pathText(taskFolder(job, task).filename());
    TaskStatus status;
    status.id = task;
    if (names.contains(name)) {
        status.state = TaskState::Done;
        return status;
    }
    takeWorkers(job, status, names);
    if (status.state == TaskState::Running || status.state == TaskState::Begun)
        return status;
    if (taskIsDone(job, task)) {
        status.state = TaskState::Done;
        status.worker.reset();
    } else if (const auto file = failureFile(job, task); entryOf(file).kind == Entry::Kind::File) {
        status.state = TaskState::Failed;
        status.worker.reset();
        if (auto text = readWhole(file, longestFailure, Errc::Read))
            status.failure = *std::move(text);
    }
    return status;
}

/// Of each number of merge tasks how many are done: by the names "00001-of-00004".
std::map<std::size_t, std::size_t> mergesDone(const std::set<std::string>& names)
{
    std::map<std::size_t, std::size_t> done;
    constexpr std::string_view between = "-of-";
    for (const auto& name : names) {
        const auto at = name.find(between);
        std::size_t of = 0;
        if (name.starts_with('.') || at == std::string::npos || name.ends_with(".failed"))
            continue;
        const char* const begin = name.data() + at + between.size();
        const auto [end, error] = std::from_chars(begin, name.data() + name.size(), of);
        if (error == std::errc() && end == name.data() + name.size() && of > 0)
            ++done[of];
    }
    return done;
}

} // namespace

std::size_t JobStatus::count(TaskKind kind, TaskState state) const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        tasks, [&](const TaskStatus& task) { return task.id.kind == kind && task.state == state; }));
}

std::size_t JobStatus::count(TaskKind kind) const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(tasks, [&](const TaskStatus& task) { return task.id.kind == kind; }));
}

JobStatus statusOf(const Job& job)
{
    JobStatus status;
    const auto maps = namesIn(job.folder / "map"), reduces = namesIn(job.folder / "reduce"),
               merges = namesIn(job.folder / "merge");
    for (std::size_t i = 0; i < job.tasks.size(); ++i)
        status.tasks.push_back(stateOf(job, {TaskKind::Map, i}, maps));
    for (std::size_t i = 0; i < job.shards; ++i)
        status.tasks.push_back(stateOf(job, {TaskKind::Reduce, i}, reduces));
    std::size_t of = 1, best = 0;
    for (const auto& [tasks, done] : mergesDone(merges)) {
        if (best < of && (done == tasks || done > best)) {
            of = tasks;
            best = done;
        }
    }
    for (std::size_t i = 0; i < of; ++i)
        status.tasks.push_back(stateOf(job, {TaskKind::Merge, i, of}, merges));
    return status;
}

Result<std::size_t> finishedMerges(const Job& job)
{
    for (const auto& [tasks, done] : mergesDone(namesIn(job.folder / "merge"))) {
        if (tasks == done)
            return tasks;
    }
    const auto status = statusOf(job);
    for (const auto& task : status.tasks) { // the first that is missing
        if (task.state != TaskState::Done)
            return jobError(JobTrouble::NotDone, job.folder, task.id.name());
    }
    return status.count(TaskKind::Merge);
}

void noteFailure(const Job& job, const TaskId& task, const std::string& text)
{
    const auto path = failureFile(job, task);
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    std::filesystem::remove(path, ignored);
    if (auto file = File::create(path)) {
        static_cast<void>(file->write(text));
        static_cast<void>(file->close());
    }
}

void clearFailure(const Job& job, const TaskId& task)
{
    std::error_code ignored;
    std::filesystem::remove(failureFile(job, task), ignored);
}

} // namespace packetloom
