// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/progress.h"
#include "core/shard/block_file.h"
#include "core/shard/cut.h"
#include "core/shard/job.h"
#include "core/support/result.h"

#include <cstddef>
#include <filesystem>

namespace packetloom {

inline constexpr std::string_view exactFlowsFile = "flows";
BlockFileName exactFlowsName(const Job& job, std::size_t shard);

/// The files of a reduce task of the exact engine in `folder`: part `shard` of all map tasks in the order of
/// time, then of rows, to flows in the order of their places. Errors as for runReduceTask().
Result<void> reduceExact(const Job& job, std::size_t shard, const Cut& cut,
                         const std::filesystem::path& folder, ProgressMeter& meter);

} // namespace packetloom
