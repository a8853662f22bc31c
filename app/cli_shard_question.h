// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace packetloom {

/// What packetloom-cli shard asks for.
struct ShardQuestion
{
    enum class Verb : std::uint8_t { Plan, Map, Reduce, Merge, Finish, Status, Run };

    Verb verb = Verb::Status;
    std::filesystem::path job;
    JobOutput output;             ///< of a plan
    std::filesystem::path file;   ///< of finish and run: where lines go; "-": standard output
    std::size_t shards = 8;       ///< of a plan: reduce tasks
    std::uint64_t taskBytes = 0;  ///< of a plan: see JobPlan
    std::size_t task = 0, of = 1; ///< of map, reduce and merge
    unsigned workers = 0;         ///< of a run: processes at once; 0: as many as the hardware has threads
};

} // namespace packetloom
