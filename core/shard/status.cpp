// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/status.h"

#include "core/shard/chunk_place.h"
#include "core/shard/job_trouble.h"
#include "core/support/file.h"
#include "core/support/folder.h"
#include "core/support/path_text.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace packetloom {
namespace {

constexpr std::uint64_t longestFailure = std::uint64_t{64} << 10;
constexpr std::string_view failedEnd = ".failed";

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
    file += failedEnd;
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

using LostChunks = std::map<std::string, std::filesystem::path>; ///< TaskStatus::lost by the task's folder

TaskStatus stateOf(const Job& job, const TaskId& task, const std::set<std::string>& names,
                   const LostChunks& lost = {})
{
    const std::string name = pathText(taskFolder(job, task).filename());
    TaskStatus status;
    status.id = task;
    if (const auto at = lost.find(name); at != lost.end())
        status.lost = at->second;
    if (names.contains(name) && status.lost.empty()) {
        status.state = TaskState::Done;
        return status;
    }
    takeWorkers(job, status, names);
    if (status.state == TaskState::Running)
        return status;
    if (taskIsDone(job, task)) {
        status.state = TaskState::Done;
        status.worker.reset();
        status.lost.clear();
        return status;
    }
    const auto file = failureFile(job, task);
    if (entryOf(file).kind != Entry::Kind::File)
        return status;
    // What began elsewhere may have ended long ago, and no clock tells which came later: both are told.
    if (status.state != TaskState::Begun) {
        status.state = TaskState::Failed;
        status.worker.reset();
    }
    if (auto text = readWhole(file, longestFailure, Errc::Read))
        status.failure = *std::move(text);
    return status;
}

/// What there is of a merge in so many tasks; of two the larger one is further.
struct MergeTrace
{
    std::size_t done = 0, begun = 0, failed = 0;

    friend auto operator<=>(const MergeTrace&, const MergeTrace&) = default;
};
struct MergeTraces
{
    std::map<std::size_t, MergeTrace> byTasks; ///< by the number of tasks
    LostChunks lost;
};

/// Takes the number at the beginning of a text.
std::optional<std::size_t> takeNumber(std::string_view& text)
{
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

/// By the names "00001-of-00004", ".00001-of-00004-..." and "00001-of-00004.failed".
MergeTraces mergeTraces(const Job& job, const std::set<std::string>& names)
{
    MergeTraces all;
    auto& traces = all.byTasks;
    constexpr std::string_view between = "-of-";
    for (const auto& name : names) {
        std::string_view rest = name;
        const bool working = rest.starts_with('.');
        rest.remove_prefix(working ? 1 : 0);
        const auto number = takeNumber(rest);
        if (!number || !rest.starts_with(between))
            continue;
        rest.remove_prefix(between.size());
        const auto of = takeNumber(rest);
        if (!of || *of > mostMerges || *number >= *of)
            continue;
        if (working && rest.starts_with('-'))
            ++traces[*of].begun;
        else if (!working && rest == failedEnd)
            ++traces[*of].failed;
        else if (!working && rest.empty()) {
            const TaskId merge{TaskKind::Merge, *number, *of};
            auto lost = lostChunks(job, merge);
            ++(lost ? traces[*of].begun : traces[*of].done);
            if (lost)
                all.lost.emplace(name, *std::move(lost));
        }
    }
    return all;
}

std::optional<std::size_t> wholeMerge(const MergeTraces& traces)
{
    const auto whole =
        std::ranges::find_if(traces.byTasks, [](const auto& one) { return one.first == one.second.done; });
    return whole != traces.byTasks.end() ? std::optional(whole->first) : std::nullopt;
}

std::size_t furthestMerge(const MergeTraces& traces)
{
    if (const auto whole = wholeMerge(traces))
        return *whole;
    const auto furthest =
        std::ranges::max_element(traces.byTasks, {}, [](const auto& one) { return one.second; });
    return furthest != traces.byTasks.end() ? furthest->first : 1;
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
    const auto traces = mergeTraces(job, merges);
    const std::size_t of = furthestMerge(traces);
    status.places = notedPlaces(job);
    for (std::size_t i = 0; i < of; ++i)
        status.tasks.push_back(stateOf(job, {TaskKind::Merge, i, of}, merges, traces.lost));
    return status;
}

Result<std::size_t> finishedMerges(const Job& job)
{
    if (const auto whole = wholeMerge(mergeTraces(job, namesIn(job.folder / "merge"))))
        return *whole;
    const auto status = statusOf(job);
    for (const auto& task : status.tasks) { // the first that is missing
        if (!task.lost.empty())
            return jobError(JobTrouble::ChunksGone, task.lost, task.id.name());
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
