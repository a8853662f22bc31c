// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/options.h"
#include "core/run/progress.h"
#include "core/shard/job.h"
#include "core/shard/map.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace packetloom {

inline constexpr std::size_t mostShards = 4096;

/// What a job is to be.
struct JobPlan
{
    std::filesystem::path folder;
    std::size_t shards = 1;      ///< 1 to mostShards
    std::uint64_t taskBytes = 0; ///< of a map task about; 0: each file is one
    JobOutput output{};          ///< what is made
    Options options{};           ///< of the conversion or export; paths as the user wrote them
};

/// Checks all that convert() checks before it reads, cuts the inputs into map tasks, and writes job.json.
/// Errors: those of preflight(); JobTrouble::NotInTasks for what cannot be right in tasks (docs/scale.md, 3),
/// JobExists; Write, NoSpace, Cancelled.
Result<Job> planJob(const JobPlan& plan, const TaskContext& context);

} // namespace packetloom
