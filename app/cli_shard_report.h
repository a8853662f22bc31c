// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_problems.h"
#include "core/shard/job.h"
#include "core/shard/status.h"

#include <filesystem>
#include <string>
#include <vector>

namespace packetloom {

// What packetloom-cli shard says, for people and as one JSON document.

std::string planText(const Job& job);
/// `problems`: what is doubtful of the inputs.
std::string planJson(const Job& job, const std::vector<FileProblem>& problems);
std::string taskJson(const Job& job, const TaskId& task);
std::string statusText(const Job& job, const JobStatus& status);
std::string statusJson(const Job& job, const JobStatus& status);
/// The command that brings the job on, as a shell takes it.
std::string nextCommand(const Job& job, const JobStatus& status);

} // namespace packetloom
