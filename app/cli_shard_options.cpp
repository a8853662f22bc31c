// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_shard_options.h"

#include "app/cli_export_options.h"
#include "app/cli_options.h"
#include "app/cli_words.h"
#include "core/shard/plan.h"
#include "core/shard/task_folder.h"
#include "core/support/path_text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace packetloom {
namespace {

using Verb = ShardQuestion::Verb;

struct VerbWord
{
    Verb verb;
    const char* word;
    const char* text;
};
constexpr std::array<VerbWord, 7> verbs{{
    {Verb::Plan, "plan", "Checks the inputs, cuts the conversion into tasks, and writes JOB/job.json."},
    {Verb::Map, "map", "Does one map task: reads its input once, and sorts its packets into parts."},
    {Verb::Reduce, "reduce", "Does one reduce task: one part of all map tasks, to flows."},
    {Verb::Merge, "merge", "Does one merge task: numbers the flows, and writes chunk files."},
    {Verb::Finish, "finish", "Joins what the tasks made to the dataset."},
    {Verb::Status, "status", "Says which tasks are done, and what comes next."},
    {Verb::Run, "run", "Does all tasks that are not done on this machine, then the dataset."},
}};

constexpr const char* shardFooter = R"(
The dataset, or the file of flows (--as), is byte for byte that of the same conversion or export in one run. Tasks are plain processes that read and
write files in the job's folder, which all machines see; each may be run anywhere, again, or twice at once.

  packetloom-cli shard plan --job JOB --shards N [options of a conversion] FILE...
  packetloom-cli shard map --job JOB --task I              for I from 0 to map_tasks - 1, in any order
  packetloom-cli shard reduce --job JOB --task K           for K from 0 to N - 1, when all map tasks are done
  packetloom-cli shard merge --job JOB --task J --of M     for J from 0 to M - 1, when all reduce tasks are done;
                                                           --output-dir DIR where JOB is on another file system than DIR
  packetloom-cli shard finish --job JOB --output-dir DIR   when all merge tasks are done; --output FILE for lines
  packetloom-cli shard status --job JOB                    at any time
  packetloom-cli shard run --job JOB --output-dir DIR      all of it here

Exit status: as without shard; see packetloom-cli --help.)";

void addPlanOptions(CLI::App& app, Arguments& parsed, std::vector<std::string>& data,
                    std::vector<std::string>& ownMaps, ExportWords& said)
{
    ShardQuestion& question = *parsed.shard;
    app.add_option("FILE", data, "The captures, read in the order given")->required();
    app.add_option("--shards", question.shards, "Reduce tasks: parts that the flows are sorted into")
        ->type_name("N")
        ->check(CLI::Range(std::size_t{1}, mostShards))
        ->default_str(std::to_string(question.shards));
    app.add_option("--task-bytes", question.taskBytes,
                   "Cut plain tables and packet captures that are larger into map tasks of about so many "
                   "bytes, such as 1G")
        ->type_name("N")
        ->transform(CLI::AsSizeValue(false));
    addPlannedExportOptions(app, said);
    addOptions(app, parsed.options);
    addOwnMaps(app, ownMaps);
}

JobOutput plannedOutput(const CLI::App& app, const ExportWords& said, Options& options)
{
    JobOutput output;
    if (const auto lines = exportQuestion(app, said, options))
        output = {.format = lines->format, .filter = lines->filter};
    return output;
}

ParsedArguments parseVerb(const VerbWord& verb, std::vector<std::string> words)
{
    Arguments parsed;
    ShardQuestion& question = parsed.shard.emplace();
    question.verb = verb.verb;
    std::vector<std::string> data, ownMaps;
    ExportWords said;
    std::string job, folder, file;
    CLI::App app(verb.text, std::string("packetloom-cli shard ") + verb.word);
    app.get_formatter()->column_width(36);
    app.add_option("--job", job, "The job's folder")->type_name("JOB")->required();
    const bool oneTask = verb.verb == Verb::Map || verb.verb == Verb::Reduce || verb.verb == Verb::Merge;
    if (verb.verb == Verb::Plan)
        addPlanOptions(app, parsed, data, ownMaps, said);
    if (oneTask) {
        auto* const task = app.add_option("--task", question.task, "Which one, from 0")
                               ->type_name("I")
                               ->check(CLI::NonNegativeNumber);
        if (verb.verb != Verb::Merge)
            task->required();
    }
    if (verb.verb == Verb::Merge || verb.verb == Verb::Run)
        app.add_option("--of", question.of, "How many merge tasks there are")
            ->type_name("M")
            ->check(CLI::Range(std::size_t{1}, mostMerges))
            ->default_str("1");
    if (verb.verb == Verb::Merge)
        app.add_option("--output-dir", folder,
                       "The folder that finish makes the dataset at: chunk files are put beside it, hidden, "
                       "instead of into the job, so that finish need not copy them from another file system")
            ->type_name("DIR");
    if (oneTask)
        app.add_option("--threads", parsed.options.threads, "Threads that work; 0 = as the job was planned")
            ->type_name("N");
    const bool finishes = verb.verb == Verb::Finish || verb.verb == Verb::Run;
    if (finishes) {
        app.add_option("--output-dir", folder, "The dataset's folder; an older dataset there is replaced")
            ->type_name("DIR");
        app.add_option("--output", file,
                       "The file of a job for conn-log or conn-json; - for standard output. A file that is "
                       "there is kept unless --force")
            ->type_name("FILE");
        app.add_flag("--force", parsed.options.replaceAnything,
                     "Replace what is there, also where it is no dataset");
    }
    if (verb.verb == Verb::Run)
        app.add_option("--workers", question.workers, "Processes at once; 0 = as many as there are threads")
            ->type_name("W")
            ->default_str("0");
    app.add_flag("--json", parsed.json, "Print one JSON document instead of text");
    app.add_flag("--quiet", parsed.quiet, "No progress and no summary, errors only");
    const auto check = [&] {
        parsed.options.inputs = pathsOf(data);
        if (verb.verb == Verb::Plan) // which says how all are read
            question.output = plannedOutput(app, said, parsed.options);
        takeOwnMaps(parsed.options, ownMaps);
        const auto* const place = app.get_option_no_throw("--output-dir");
        if (place != nullptr && place->count() > 0 &&
            folder.empty()) // a variable of a script that is not set
            throw CLI::ValidationError("--output-dir", "names no folder");
        if (finishes && folder.empty() && file.empty())
            throw CLI::RequiredError("--output-dir or --output");
        if (!folder.empty() && !file.empty())
            throw CLI::ValidationError("--output",
                                       "a job has one output: a dataset (--output-dir) or a file");
        if (file == "-" && parsed.json)
            throw CLI::ValidationError("--json", "the flows go to standard output already");
    };
    if (auto refused = refusal(app, std::move(words), check))
        return *std::move(refused);
    question.job = pathFromText(job);
    parsed.outputFolder = pathFromText(folder);
    question.file = pathFromText(file);
    return {.arguments = std::move(parsed), .output = {}, .exitStatus = 0};
}

} // namespace

ParsedArguments parseShard(std::vector<std::string> words)
{
    if (!words.empty()) {
        const auto verb =
            std::ranges::find_if(verbs, [&](const VerbWord& one) { return words.front() == one.word; });
        if (verb != verbs.end()) {
            words.erase(words.begin());
            return parseVerb(*verb, std::move(words));
        }
    }
    CLI::App app("Cuts a conversion into tasks that many machines can do.", "packetloom-cli shard");
    app.footer(shardFooter);
    const auto check = [] { throw CLI::RequiredError("plan, map, reduce, merge, finish, status or run"); };
    return *refusal(app, std::move(words), check);
}

} // namespace packetloom
