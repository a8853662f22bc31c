// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_shard.h"

#include "app/cli_export.h"
#include "app/cli_inspect.h"
#include "app/cli_problems.h"
#include "app/cli_progress.h"
#include "app/cli_report.h"
#include "app/cli_shard_report.h"
#include "app/cli_shard_workers.h"
#include "core/output/conversion.h"
#include "core/output/target/output_file.h"
#include "core/shard/exact/line_finish.h"
#include "core/shard/finish.h"
#include "core/shard/job_trouble.h"
#include "core/shard/map.h"
#include "core/shard/merge.h"
#include "core/shard/plan.h"
#include "core/shard/reduce.h"
#include "core/shard/status.h"
#include "core/support/guard.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"

#include <chrono>
#include <set>
#include <utility>
#include <vector>

namespace packetloom {
namespace {

using Verb = ShardQuestion::Verb;

TaskId taskOf(const ShardQuestion& question)
{
    switch (question.verb) {
    case Verb::Map:
        return {TaskKind::Map, question.task};
    case Verb::Reduce:
        return {TaskKind::Reduce, question.task};
    default:
        return {TaskKind::Merge, question.task, question.of};
    }
}

/// `dataset`: see runMergeTask().
Result<void> doTask(const Job& job, const TaskId& task, const TaskContext& context,
                    const std::filesystem::path& dataset)
{
    switch (task.kind) {
    case TaskKind::Map:
        return runMapTask(job, task.number, context);
    case TaskKind::Reduce:
        return runReduceTask(job, task.number, context);
    case TaskKind::Merge:
        break;
    }
    return runMergeTask(job, task.number, task.of, context, dataset);
}

int runTask(const Arguments& arguments, Job job, const TaskContext& context, const Console& console)
{
    const TaskId task = taskOf(*arguments.shard);
    if (arguments.options.threads > 0)
        job.options.threads = arguments.options.threads;
    const auto done = doTask(job, task, context, arguments.outputFolder);
    if (!done) {
        // What was asked for wrongly is no failure of a task, nor is a stop.
        if (done.error().stage == Stage::Run && done.error().code != Errc::Cancelled)
            noteFailure(job, task, errorText(done.error()));
        return console.report(done.error());
    }
    clearFailure(job, task);
    return arguments.json ? console.print(taskJson(job, task)) : exitDone;
}

/// Tells of what finish made: warnings, then a report of `arguments`' kind, which takes the seconds.
template <class Summary, class Text, class Json>
int tell(const Arguments& arguments, const Console& console, const Summary& summary, const Json& json,
         const Text& text)
{
    if (!arguments.quiet) {
        for (const auto& warning : summary.totals.warnings)
            console.complain("warning: ", warningText(warning));
    }
    if (arguments.json)
        return console.print(json());
    return arguments.quiet ? exitDone : console.print(text());
}

int finish(const Arguments& arguments, Job job, const TaskContext& context, const Console& console,
           ProgressDisplay& display)
{
    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    job.options.replaceAnything = job.options.replaceAnything || arguments.options.replaceAnything;
    const auto& file = arguments.shard->file;
    if (file.empty()) {
        const auto summary = finishJob(job, arguments.outputFolder, context);
        display.clear();
        if (!summary)
            return console.report(summary.error());
        const double took = seconds();
        for (const auto& place : arguments.quiet ? std::set<std::filesystem::path>() : statusOf(job).places)
            console.complain("", "chunk files of the job are in " + printable(pathText(place)) +
                                     ", too; it can go with the job.");
        return tell(
            arguments, console, *summary,
            [&] { return conversionJson(*summary, job.givenInputs, took, {}, job.options.filter); },
            [&] { return conversionText(*summary, job.givenInputs, took, job.options.filter); });
    }
    LinesPlace place{.file = file, .replace = job.options.replaceAnything};
    Arguments telling = arguments;
    if (file == "-") {
        place.take = [&](std::string_view text) { return console.pass(text); };
        telling.quiet = true; // the flows are there
    }
    const auto summary = finishLines(job, place, context);
    display.clear();
    if (!summary)
        return console.report(summary.error());
    const double took = seconds();
    FlowExportQuestion question;
    question.format = job.output.format;
    question.rules = job.options.exact;
    question.filter = job.output.filter;
    Options told = job.options;
    told.inputs = job.givenInputs;
    return tell(
        telling, console, *summary, [&] { return exportJson(*summary, question, told, took, {}); },
        [&] { return exportText(*summary, question, told, took); });
}

/// Before hours of work: whether finish will be let to write.
Result<void> checkFinish(const Arguments& arguments, const Job& job)
{
    const auto& file = arguments.shard->file;
    if (file.empty() != job.output.format->isFolder())
        return jobError(JobTrouble::OtherOutput, job.folder, std::string(job.output.format->id));
    if (file != "-" && isInJob(job, file.empty() ? arguments.outputFolder : file))
        return jobError(JobTrouble::OutputInJob, file.empty() ? arguments.outputFolder : file);
    Options options = job.options;
    options.replaceAnything = options.replaceAnything || arguments.options.replaceAnything;
    if (file.empty()) {
        if (const auto folder = checkOutput(options, arguments.outputFolder); !folder)
            return folder.error();
    } else if (file != "-") {
        if (const auto place = OutputFile::check(file, options.replaceAnything, filesRead(options)); !place)
            return place.error();
    }
    return {};
}

int plan(const Arguments& arguments, const TaskContext& context, const Console& console,
         ProgressDisplay& display)
{
    const ShardQuestion& question = *arguments.shard;
    // Tasks look at nothing but their own rows, so here is the time to say what is doubtful.
    const auto problems = arguments.quiet && !arguments.json
                              ? std::vector<FileProblem>()
                              : problemsBefore(arguments.options, *context.stop);
    for (const auto& problem : problems) {
        if (!arguments.quiet)
            console.complain("warning: ", problemLine(problem));
    }
    const auto job = planJob({.folder = question.job,
                              .shards = question.shards,
                              .taskBytes = question.taskBytes,
                              .output = question.output,
                              .options = arguments.options},
                             context);
    display.clear();
    if (!job)
        return console.report(job.error());
    if (arguments.json)
        return console.print(planJson(*job, problems));
    return arguments.quiet ? exitDone : console.print(planText(*job));
}

} // namespace

int runShard(const Arguments& arguments, const Console& console, const StopEvent& stop)
{
    const ShardQuestion& question = *arguments.shard;
    ProgressDisplay display(arguments.quiet ? ProgressDisplay::Style::None
                                            : ProgressDisplay::styleOfStandardError(),
                            [&](std::string_view text) { console.show(text); });
    const Heartbeat heartbeat = [&](const Progress& progress) {
        display.show(progress);
        return !stop.requested();
    };
    const TaskContext context{.heartbeat = heartbeat, .stop = &stop};
    if (question.verb == Verb::Plan)
        return plan(arguments, context, console, display);
    auto job = readJob(question.job);
    if (!job)
        return console.report(whilePreparing(std::move(job).error()));
    if (question.verb == Verb::Status) {
        const auto told = guarded([&]() -> Result<std::string> {
            const auto status = statusOf(*job);
            return arguments.json ? statusJson(*job, status) : statusText(*job, status);
        });
        return told ? console.print(*told) : console.report(told.error());
    }
    if (question.verb == Verb::Run) {
        if (auto may = checkFinish(arguments, *job); !may)
            return console.report(whilePreparing(std::move(may).error()));
        if (const int status = runTasks(*job, question, arguments.quiet, console, stop); status != exitDone)
            return status;
        return finish(arguments, *std::move(job), context, console, display);
    }
    if (question.verb == Verb::Finish)
        return finish(arguments, *std::move(job), context, console, display);
    const int status = runTask(arguments, *std::move(job), context, console);
    display.clear();
    return status;
}

} // namespace packetloom
