// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job_trouble.h"
#include "tests/support/capture_text.h"
#include "tests/support/shard_run.h"
#include "tests/support/test_folder.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

namespace packetloom::test {

/// Two captures in the folder, of several read chunks and chunk files.
inline Options someOptions(const TestFolder& folder)
{
    Options options;
    options.inputs = {folder.write("a.csv", conversations(30)), folder.write("b.csv", conversations(7))};
    options.readChunkRows = 20;
    options.flowsPerChunk = 5;
    return options;
}

/// A job of them at "job" in the folder: more than four map tasks, three reduce tasks.
inline Job planned(const TestFolder& folder, const Options& options, const JobOutput& output = {})
{
    auto job = planJob(
        {.folder = folder / "job", .shards = 3, .taskBytes = 2000, .output = output, .options = options},
        plainContext);
    if (!job)
        throw std::runtime_error("no plan: " + job.error().detail);
    return *std::move(job);
}

inline void mustBe(const Result<void>& done)
{
    if (!done)
        throw std::runtime_error("a task failed: " + done.error().detail);
}

inline void allMaps(const Job& job)
{
    for (std::size_t i = 0; i < job.tasks.size(); ++i)
        mustBe(runMapTask(job, i, plainContext));
}

/// All that a merge needs.
inline void allBeforeMerge(const Job& job)
{
    allMaps(job);
    for (std::size_t i = 0; i < job.shards; ++i)
        mustBe(runReduceTask(job, i, plainContext));
}

inline void allTasks(const Job& job)
{
    allBeforeMerge(job);
    mustBe(runMergeTask(job, 0, 1, plainContext));
}

/// Nothing for other errors.
template <class T>
std::optional<JobTrouble> troubleOf(const Result<T>& result)
{
    return result ? std::nullopt : jobTroubleOf(result.error());
}

/// Sorted.
inline std::vector<std::filesystem::path> filesBelow(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

} // namespace packetloom::test
