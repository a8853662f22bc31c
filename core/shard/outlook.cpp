// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/outlook.h"

#include "core/shard/job.h"
#include "core/support/file.h"
#include "core/support/folder.h"

#include <algorithm>
#include <numeric>
#include <system_error>

namespace packetloom {
namespace {

constexpr std::uint64_t gigabyte = 1'000'000'000;
constexpr std::size_t fewestShards = 8, mostSuggested = 256;

Result<JobPlace> placeAt(const std::filesystem::path& folder)
{
    const auto kind = entryAt(folder).kind;
    if (kind == Entry::Kind::None)
        return JobPlace::Missing;
    if (kind != Entry::Kind::Folder)
        return Error{.code = Errc::NotAFolder, .detail = {}, .file = folder, .stage = Stage::Prepare};
    if (entryOf(jobFile(folder)).kind != Entry::Kind::None)
        return JobPlace::Job;
    std::error_code error;
    return std::filesystem::is_empty(folder, error) && !error ? JobPlace::Empty : JobPlace::Others;
}

std::size_t gigabytes(std::uint64_t bytes)
{
    return static_cast<std::size_t>(bytes / gigabyte + (bytes % gigabyte > 0 ? 1 : 0));
}

} // namespace

std::uint64_t JobOutlook::bytes() const
{
    return std::accumulate(inputBytes.begin(), inputBytes.end(), std::uint64_t{0});
}

JobOutlook outlookOf(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& folder)
{
    JobOutlook outlook{.place = placeAt(folder), .inputBytes = {}};
    for (const auto& input : inputs) {
        const auto stamp = fileStamp(input);
        outlook.inputBytes.push_back(stamp ? stamp->size : 0);
    }
    return outlook;
}

std::size_t mostMapTasks(const JobOutlook& outlook, std::uint64_t taskBytes)
{
    std::size_t tasks = 0;
    for (const auto bytes : outlook.inputBytes) {
        tasks += taskBytes == 0 || bytes <= taskBytes
                     ? 1
                     : static_cast<std::size_t>(bytes / taskBytes + (bytes % taskBytes > 0 ? 1 : 0));
    }
    return tasks;
}

std::size_t suggestedShards(std::uint64_t inputBytes)
{
    return std::clamp(gigabytes(inputBytes), fewestShards, mostSuggested);
}

std::size_t suggestedMerges(std::uint64_t inputBytes)
{
    return std::clamp(gigabytes(inputBytes), std::size_t{1}, mostSuggested);
}

} // namespace packetloom
