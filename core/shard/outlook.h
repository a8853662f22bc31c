// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace packetloom {

/// What stands where a job is to be.
enum class JobPlace : std::uint8_t {
    Missing, ///< nothing
    Empty,   ///< an empty folder
    Others,  ///< a folder with other things in it, which stay
    Job,     ///< a folder with a job: another one cannot be there
};

/// What is known before a job is planned: who plans it can choose its size by that.
struct JobOutlook
{
    Result<JobPlace> place;                ///< or why nothing can be there
    std::vector<std::uint64_t> inputBytes; ///< on disk, one an input; 0 of what is no regular file

    [[nodiscard]] std::uint64_t bytes() const; ///< of all inputs
};

/// Looks only; nothing is opened. The file system may take its time. Errors of the place: NotAFolder.
JobOutlook outlookOf(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& folder);

/// How many map tasks planJob() makes of it, at the most: what must not be cut is one whatever its size.
std::size_t mostMapTasks(const JobOutlook& outlook, std::uint64_t taskBytes);

inline constexpr std::uint64_t suggestedTaskBytes = 1'000'000'000;
/// One for each gigabyte of the inputs, so that a reduce task reads about what a map task does; at least as
/// many as a small cluster has hands for, and no more than a map task has memory for: it holds half a
/// megabyte for each (docs/scale.md, 15).
std::size_t suggestedShards(std::uint64_t inputBytes);
/// One for each gigabyte: a merge task writes chunk files, and reads no input.
std::size_t suggestedMerges(std::uint64_t inputBytes);

} // namespace packetloom
