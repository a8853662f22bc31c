// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_shard_report.h"

#include "app/cli_json_parts.h"
#include "core/output/timearcs_v2/json_writer.h"
#include "core/support/path_text.h"
#include "core/support/text_buffer.h"
#include "core/support/text_format.h"

#include <array>
#include <optional>
#include <string_view>

namespace packetloom {
namespace {

using Json = JsonWriter<TextBuffer>;

constexpr std::array kinds{TaskKind::Map, TaskKind::Reduce, TaskKind::Merge};
constexpr std::array<std::string_view, 3> kindWords{"map", "reduce", "merge"};
constexpr std::array states{TaskState::Done,   TaskState::Running, TaskState::Begun,
                            TaskState::Killed, TaskState::Failed,  TaskState::Missing};
constexpr std::array toldStates{TaskState::Running, TaskState::Begun, TaskState::Killed, TaskState::Failed};
constexpr std::size_t mostTold = 20; ///< tasks of one state; the JSON has them all

std::string_view wordOf(TaskState state)
{
    switch (state) {
    case TaskState::Missing:
        return "missing";
    case TaskState::Running:
        return "running";
    case TaskState::Begun:
        return "begun";
    case TaskState::Killed:
        return "killed";
    case TaskState::Failed:
        return "failed";
    case TaskState::Done:
        break;
    }
    return "done";
}

std::string_view wordOf(TaskKind kind)
{
    return kindWords[static_cast<std::size_t>(kind)];
}

// In single quotes, as POSIX shells take it.
std::string quoted(const std::filesystem::path& path)
{
    std::string text = "'";
    for (const char c : pathText(path))
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + '\'';
}

void writeTask(Json& json, const TaskId& task)
{
    json.member("kind", wordOf(task.kind));
    json.member("task", task.number);
    if (task.kind == TaskKind::Merge)
        json.member("of", task.of);
}

template <class Write>
std::string document(const Write& write)
{
    TextBuffer out;
    Json json(out);
    json.beginObject();
    write(json);
    json.endObject();
    return std::string(out.text()) + '\n';
}

std::optional<TaskId> firstNotDone(const JobStatus& status)
{
    for (const auto& task : status.tasks) {
        if (task.state != TaskState::Done)
            return task.id;
    }
    return std::nullopt;
}

// "map 3 begun on node1 (process 17, Slurm job 12_3): failed once: the disk is full"
std::string taskText(const TaskStatus& task)
{
    std::string text = task.id.name() + ' ' + std::string(wordOf(task.state));
    if (task.worker) {
        text += " on " + printable(task.worker->process.host) + " (process " +
                std::to_string(task.worker->process.process);
        if (!task.worker->slurmJob.empty())
            text += ", Slurm job " + printable(task.worker->slurmJob);
        text += ')';
    }
    if (!task.failure.empty())
        text += ": " + std::string(task.state == TaskState::Failed ? "" : "failed once: ") +
                printable(task.failure);
    if (!task.lost.empty())
        text += ": its chunk files are gone from " + printable(pathText(task.lost));
    return text;
}

std::string tasksText(const JobStatus& status, TaskState state)
{
    std::string text;
    std::size_t found = 0;
    for (const auto& task : status.tasks) {
        if (task.state == TaskState::Missing && task.lost.empty())
            continue; // nothing to tell of it
        if (task.state == state && ++found <= mostTold)
            text += "  " + taskText(task) + '\n';
    }
    if (found > mostTold)
        text += "  and " + grouped(found - mostTold) + " more " + std::string(wordOf(state)) + '\n';
    return text;
}

} // namespace

std::string planText(const Job& job)
{
    return "Job " + printable(pathText(job.folder)) + "\n  map tasks     " + grouped(job.tasks.size()) +
           "\n  reduce tasks  " + grouped(job.shards) + "\n  next          " +
           nextCommand(job, statusOf(job)) + '\n';
}

std::string planJson(const Job& job, const std::vector<FileProblem>& problems)
{
    return document([&](Json& json) {
        json.member("job", pathText(job.folder));
        json.member("map_tasks", job.tasks.size());
        json.member("reduce_tasks", job.shards);
        writeProblems(json, problems);
    });
}

std::string taskJson(const Job& job, const TaskId& task)
{
    return document([&](Json& json) {
        json.member("job", pathText(job.folder));
        writeTask(json, task);
        json.member("state", wordOf(TaskState::Done));
    });
}

std::string nextCommand(const Job& job, const JobStatus& status)
{
    const std::string begin = "packetloom-cli shard ", of = " --job " + quoted(job.folder);
    const auto next = firstNotDone(status);
    if (!next)
        return begin + "finish" + of +
               (job.output.needsExactFlows() ? " --output FILE" : " --output-dir DIR");
    return begin + std::string(wordOf(next->kind)) + of + " --task " + std::to_string(next->number) +
           (next->kind == TaskKind::Merge && next->of > 1 ? " --of " + std::to_string(next->of) : "");
}

std::string statusText(const Job& job, const JobStatus& status)
{
    std::string text = "Job " + printable(pathText(job.folder)) + '\n';
    for (const auto kind : kinds) {
        text += "  " + std::string(wordOf(kind)) + std::string(10 - wordOf(kind).size(), ' ') +
                grouped(status.count(kind, TaskState::Done)) + " of " + grouped(status.count(kind)) + " done";
        for (const auto state : toldStates) {
            if (const auto count = status.count(kind, state); count > 0)
                text += ", " + grouped(count) + ' ' + std::string(wordOf(state));
        }
        text += '\n';
    }
    for (const auto state : toldStates)
        text += tasksText(status, state);
    text += tasksText(status, TaskState::Missing);
    for (const auto& place : status.places)
        text += "  chunks    in " + printable(pathText(place)) + '\n';
    return text + "  next      " + nextCommand(job, status) + '\n';
}

std::string statusJson(const Job& job, const JobStatus& status)
{
    return document([&](Json& json) {
        json.member("job", pathText(job.folder));
        for (const auto kind : kinds) {
            json.key(wordOf(kind)).beginObject();
            json.member("tasks", status.count(kind));
            for (const auto state : states)
                json.member(wordOf(state), status.count(kind, state));
            json.endObject();
        }
        json.key("not_done").beginArray();
        for (const auto& task : status.tasks) {
            if (task.state == TaskState::Done)
                continue;
            json.beginObject();
            writeTask(json, task.id);
            json.member("state", wordOf(task.state));
            if (!task.failure.empty())
                json.member("failure", task.failure);
            if (!task.lost.empty())
                json.member("lost", pathText(task.lost));
            if (task.worker) {
                json.member("host", task.worker->process.host);
                json.member("process", task.worker->process.process);
                if (!task.worker->slurmJob.empty())
                    json.member("slurm_job", task.worker->slurmJob);
            }
            json.endObject();
        }
        json.endArray();
        json.key("chunk_folders").beginArray();
        for (const auto& place : status.places)
            json.value(pathText(place));
        json.endArray();
        json.member("next", nextCommand(job, status));
    });
}

} // namespace packetloom
