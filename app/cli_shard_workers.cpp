// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_shard_workers.h"

#include "app/child_process.h"
#include "app/cli_messages.h"
#include "app/cli_run.h"
#include "core/shard/task_folder.h"
#include "core/support/path_text.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace packetloom {
namespace {

/// The words of one task. Each works on one thread: there are others beside it.
std::vector<std::string> wordsOf(const Job& job, const TaskId& task, const char* verb)
{
    std::vector<std::string> words{
        "shard",     verb, "--job",  pathText(job.folder), "--task", std::to_string(task.number),
        "--threads", "1",  "--quiet"};
    if (task.kind == TaskKind::Merge)
        words.insert(words.end(), {"--of", std::to_string(task.of)});
    return words;
}

/// What the task could not say itself; nothing where it could.
std::string complaintOf(const TaskId& task, const Result<int>& status)
{
    if (!status)
        return "task " + task.name() + " cannot be started: " + errorText(status.error());
    if (*status > exitSignalBase)
        return "task " + task.name() + " was ended by signal " + std::to_string(*status - exitSignalBase) +
               '.';
    return {};
}

/// The first status that is not exitDone.
int runAll(const Job& job, const std::vector<TaskId>& tasks, const char* verb, unsigned workers,
           const Console& console, const StopEvent& stop)
{
    const auto program = ownProgram();
    std::atomic<std::size_t> next{0};
    std::atomic<int> failed{exitDone};
    const auto work = [&] {
        for (;;) {
            const std::size_t i = next++;
            if (i >= tasks.size() || failed.load() != exitDone || stop.requested())
                return;
            const auto status = runChild(program, wordsOf(job, tasks[i], verb));
            if (const auto complaint = complaintOf(tasks[i], status); !complaint.empty() && !stop.requested())
                console.complain("error: ", complaint);
            int done = exitDone;
            if (const int own = status ? *status : exitFailed; own != exitDone)
                failed.compare_exchange_strong(done, own);
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < std::min<std::size_t>(workers, tasks.size()); ++i)
        threads.emplace_back(work);
    work();
    for (auto& thread : threads)
        thread.join();
    return failed;
}

std::vector<TaskId> notDone(const Job& job, TaskKind kind, std::size_t count, std::size_t of = 0)
{
    std::vector<TaskId> tasks;
    for (std::size_t i = 0; i < count; ++i) {
        if (const TaskId task{kind, i, of}; !taskIsDone(job, task))
            tasks.push_back(task);
    }
    return tasks;
}

} // namespace

int runTasks(const Job& job, const ShardQuestion& question, bool quiet, const Console& console,
             const StopEvent& stop)
{
    const unsigned workers =
        question.workers > 0 ? question.workers : std::max(1u, std::thread::hardware_concurrency());
    struct Step
    {
        TaskKind kind;
        const char* verb;
        std::size_t count, of;
    };
    for (const Step& step :
         {Step{TaskKind::Map, "map", job.tasks.size(), 0}, Step{TaskKind::Reduce, "reduce", job.shards, 0},
          Step{TaskKind::Merge, "merge", question.of, question.of}}) {
        const auto tasks = notDone(job, step.kind, step.count, step.of);
        if (!quiet)
            console.complain("", std::string(step.verb) + ": " + std::to_string(tasks.size()) + " of " +
                                     std::to_string(step.count) + " tasks to do");
        if (const int status = runAll(job, tasks, step.verb, workers, console, stop); status != exitDone)
            return status;
        if (stop.requested())
            return stoppedStatus();
    }
    return exitDone;
}

} // namespace packetloom
