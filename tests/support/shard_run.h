// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/convert.h"
#include "core/shard/exact/line_finish.h"
#include "core/shard/finish.h"
#include "core/shard/job_trouble.h"
#include "core/shard/map.h"
#include "core/shard/merge.h"
#include "core/shard/plan.h"
#include "core/shard/reduce.h"
#include "core/shard/status.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <random>
#include <vector>

namespace packetloom::test {

inline bool keepOn(const Progress&)
{
    return true;
}
inline const Heartbeat keepsOn = keepOn;
inline const TaskContext plainContext{.heartbeat = keepsOn, .stop = nullptr};

/// How a conversion is cut.
struct ShardCut
{
    std::size_t shards = 1, merges = 1;
    std::uint64_t taskBytes = 0;
};

/// Numbers below `count` in an order that `random` decides, some of them twice.
inline std::vector<std::size_t> anyOrder(std::size_t count, std::mt19937_64& random)
{
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < count; i += 3)
        order.push_back(i);
    std::shuffle(order.begin(), order.end(), random);
    return order;
}

/// All tasks of a job in any order, each read anew from its folder as a process would.
inline Result<void> doTasks(const std::filesystem::path& folder, std::size_t merges, std::mt19937_64& random)
{
    auto job = readJob(folder);
    if (!job)
        return std::move(job).error();
    for (const auto task : anyOrder(job->tasks.size(), random)) {
        if (auto done = runMapTask(*readJob(folder), task, plainContext); !done)
            return done;
    }
    for (const auto task : anyOrder(job->shards, random)) {
        if (auto done = runReduceTask(*readJob(folder), task, plainContext); !done)
            return done;
    }
    for (const auto task : anyOrder(merges, random)) {
        if (auto done = runMergeTask(*readJob(folder), task, merges, plainContext); !done)
            return done;
    }
    return {};
}

/// The same, then the dataset.
inline Result<ConversionSummary> finishInTasks(const std::filesystem::path& folder, std::size_t merges,
                                               const std::filesystem::path& dataset, std::mt19937_64& random)
{
    if (auto done = doTasks(folder, merges, random); !done)
        return std::move(done).error();
    return finishJob(*readJob(folder), dataset, plainContext);
}

/// What convert() does, cut into tasks.
inline Result<ConversionSummary> convertInTasks(const Options& options, const ShardCut& cut,
                                                const std::filesystem::path& jobFolder,
                                                const std::filesystem::path& dataset, std::mt19937_64& random)
{
    std::filesystem::remove_all(jobFolder);
    auto job =
        planJob({.folder = jobFolder, .shards = cut.shards, .taskBytes = cut.taskBytes, .options = options},
                plainContext);
    if (!job)
        return std::move(job).error();
    return finishInTasks(jobFolder, cut.merges, dataset, random);
}

/// What exportFlows() writes into `file`, cut into tasks.
inline Result<FlowExportSummary> exportInTasks(const Options& options, const JobOutput& output,
                                               const ShardCut& cut, const std::filesystem::path& jobFolder,
                                               const std::filesystem::path& file, std::mt19937_64& random)
{
    std::filesystem::remove_all(jobFolder);
    auto job = planJob({.folder = jobFolder,
                        .shards = cut.shards,
                        .taskBytes = cut.taskBytes,
                        .output = output,
                        .options = options},
                       plainContext);
    if (!job)
        return std::move(job).error();
    if (auto done = doTasks(jobFolder, cut.merges, random); !done)
        return std::move(done).error();
    return finishLines(*readJob(jobFolder), {.file = file, .replace = true}, plainContext);
}

} // namespace packetloom::test
