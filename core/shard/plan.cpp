// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/plan.h"

#include "core/run/preflight.h"
#include "core/shard/job_trouble.h"
#include "core/shard/stretch.h"
#include "core/support/guard.h"
#include "core/support/hash_mix.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace packetloom {
namespace {

/// What a task cannot know by itself.
Result<void> checkOptions(const JobPlan& plan)
{
    const auto refused = [&](const char* what) {
        return whilePreparing(jobError(JobTrouble::NotInTasks, plan.folder, what));
    };
    if (plan.options.skipMissing)
        return refused("leaving out inputs that are missing (each task would have to know of all)");
    if (plan.options.skipBroken)
        return refused("going on without what cannot be read of an input");
    return {};
}

std::string hex(std::uint64_t number)
{
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
    return text.data();
}

Result<void> addFiles(Job& job, const Options& options)
{
    job.givenInputs = options.inputs;
    std::map<std::filesystem::path, std::size_t> firsts; // tasks find how a file is read by its path
    for (const auto& path : options.inputs) {
        auto file = jobFileOf(path);
        if (!file)
            return std::move(file).error();
        InputSpec spec = specOf(options, path);
        spec.file = file->path;
        spec.ipMap = absolutePath(spec.ipMap);
        const auto [first, isNew] = firsts.try_emplace(spec.file, job.options.specs.size());
        if (!isNew && job.options.specs[first->second] != spec)
            return jobError(JobTrouble::NotInTasks, path, "one file twice, read in two ways");
        job.options.inputs.push_back(file->path);
        job.options.specs.push_back(std::move(spec));
        job.files.push_back(*std::move(file));
    }
    std::vector<std::filesystem::path> maps;
    for (const auto& path : options.inputs)
        maps.push_back(absolutePath(ipMapOf(options, path)));
    std::ranges::sort(maps);
    const auto same = std::ranges::unique(maps);
    maps.erase(same.begin(), same.end());
    for (const auto& path : maps) {
        if (path.empty())
            continue;
        auto file = jobFileOf(path);
        if (!file)
            return std::move(file).error();
        job.files.push_back(*std::move(file));
    }
    return {};
}

/// Read chunks count where flows are judged by them, and where one run might leave a file early.
bool readChunksCount(const Job& job, const CaptureFilter& filter)
{
    return !job.output.needsExactFlows() || job.options.window.end ||
           (filter.rows && timesOf(*filter.rows).end);
}

Result<void> checkNumber(const JobPlan& plan, std::size_t tasks)
{
    if (tasks <= mapTaskLimit)
        return {};
    return jobError(JobTrouble::NotInTasks, plan.folder,
                    "it would be more than " + std::to_string(mapTaskLimit) +
                        " map tasks; ask for larger ones with --task-bytes");
}

Result<void> addTasks(Job& job, const CaptureFilter& filter, const JobPlan& plan, ProgressMeter& meter)
{
    const std::uint64_t taskBytes = plan.taskBytes;
    if (auto fit = checkNumber(plan, job.options.inputs.size()); !fit)
        return fit;
    const std::uint64_t chunkRows =
        readChunksCount(job, filter) ? static_cast<std::uint64_t>(job.options.readChunkRows) : 1;
    Progress& progress = meter.progress(); // of what is read to cut it
    const auto isCut = [&](std::size_t i) { return taskBytes > 0 && job.files[i].bytes > taskBytes; };
    for (std::size_t i = 0; i < job.options.inputs.size(); ++i)
        progress.bytesTotal += isCut(i) ? job.files[i].bytes : 0;
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < job.options.inputs.size(); ++i) {
        if (!isCut(i)) {
            job.tasks.push_back({.input = i});
            continue;
        }
        progress.bytesDone = done;
        done += job.files[i].bytes;
        const StretchRules rules{i, chunkRows, taskBytes, mapTaskLimit - job.tasks.size()};
        const auto stretches = stretchesOf(specOf(job.options, job.options.inputs[i]), rules,
                                           [&, before = progress.bytesDone](std::uint64_t bytes) {
                                               progress.bytesDone = before + bytes;
                                               return meter.tick();
                                           });
        if (!stretches)
            return stretches.error();
        job.tasks.insert(job.tasks.end(), stretches->begin(), stretches->end());
        if (auto fit = checkNumber(plan, job.tasks.size()); !fit)
            return fit;
    }
    return checkNumber(plan, job.tasks.size());
}

Result<Job> planUnguarded(const JobPlan& plan, const TaskContext& context)
{
    if (auto fit = checkOptions(plan); !fit)
        return std::move(fit).error();
    if (plan.shards == 0 || plan.shards > mostShards)
        return whilePreparing(
            jobError(JobTrouble::NotInTasks, plan.folder, std::to_string(plan.shards) + " parts"));
    ProgressMeter meter(context.heartbeat, plan.options.memoryLimit);
    Job job;
    job.folder = absolutePath(plan.folder);
    job.shards = plan.shards;
    job.output = plan.output;
    job.options = plan.options;
    job.options.inputs.clear();
    job.options.specs.clear();
    job.options.ipMap = absolutePath(plan.options.ipMap);
    if (auto added = addFiles(job, plan.options); !added)
        return whilePreparing(std::move(added).error());
    const auto checked = preflight(plan.options, &meter, context.stop);
    if (!checked)
        return whilePreparing(meter.reason(checked.error()));
    if (checked->filter.flows)
        return whilePreparing(jobError(JobTrouble::NotInTasks, plan.folder,
                                       "a filter that selects flows (it has to see all first)"));
    if (auto added = addTasks(job, checked->filter, plan, meter); !added)
        return whilePreparing(meter.reason(std::move(added).error()));
    const HashKey random;
    job.id = hex(random(1)) + hex(random(2));
    job.seed = random(3);
    if (auto written = writeJob(job); !written)
        return whilePreparing(std::move(written).error());
    return job;
}

} // namespace

Result<Job> planJob(const JobPlan& plan, const TaskContext& context)
{
    return guarded([&] { return planUnguarded(plan, context); });
}

} // namespace packetloom
