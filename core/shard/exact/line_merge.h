// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/run/progress.h"
#include "core/shard/job.h"
#include "core/support/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace packetloom {

/// What a merge task made of its flows: lines that follow each other.
struct LineFacts
{
    std::uint64_t flows = 0;                            ///< of all parts that are its share
    std::uint64_t written = 0;                          ///< those that match the filter
    std::array<std::uint64_t, connStateCount> states{}; ///< of those that were written
    std::uint64_t bytes = 0;                            ///< of the lines
    std::uint32_t sum = 0;                              ///< CRC-32
};

inline constexpr std::string_view linesFile = "lines";

/// The files of merge task `number` of `of` in `folder`. Flows that began at the same time are one task's:
/// what tells them apart goes by their order. Errors as for runMergeTask().
Result<void> mergeLines(const Job& job, std::size_t number, std::size_t of,
                        const std::filesystem::path& folder, ProgressMeter& meter);

/// Errors: JobTrouble::Damaged, Open, Read.
Result<LineFacts> readLineFacts(const Job& job, std::size_t number, std::size_t of);

} // namespace packetloom
