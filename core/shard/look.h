// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/status.h"
#include "core/support/result.h"

#include <filesystem>
#include <optional>

namespace packetloom {

/// What who follows a job wants to know of it now.
struct JobLook
{
    JobStatus status;
    std::optional<Error> trouble; ///< why it cannot be gone on with
    bool made = false; ///< what the job makes, or an older one, is at the place that was asked about
};

/// Looks, reads no input and writes nothing. `thorough`: also whether job.json is still the job's and all
/// inputs are as they were; else only whether job.json is there. The file system may take its time. Troubles:
/// JobTrouble::NotAJob, OtherVersion, InputChanged; Open.
JobLook lookAt(const Job& job, const std::filesystem::path& place, bool thorough);

} // namespace packetloom
