// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/status.h"

#include <QString>
#include <array>
#include <cstddef>
#include <filesystem>

namespace packetloom {

/// What can start the tasks of a job.
enum class JobStarter : std::uint8_t { ThisMachine, Slurm, Snakemake, Parallel, Dask };
inline constexpr std::array jobStarters{JobStarter::ThisMachine, JobStarter::Slurm, JobStarter::Snakemake,
                                        JobStarter::Parallel, JobStarter::Dask};

/// Where the programs are that the commands name.
struct JobPrograms
{
    std::filesystem::path cli = "packetloom-cli";
    std::filesystem::path drivers{}; ///< the folder of the scripts for clusters; empty where there is none
};

/// What the commands are to do.
struct JobCommands
{
    const Job& job;
    std::size_t merges = 1;      ///< merge tasks
    std::filesystem::path place; ///< of what is made, a folder or a file; absolute
    bool replace = false;        ///< a file that is there; older datasets always are
    JobPrograms programs;
};

/// "Slurm".
QString nameOf(JobStarter starter);
/// A name for settings, which stays.
QString idOf(JobStarter starter);
/// What it takes, and what the commands do, in a sentence or two.
QString aboutStarter(JobStarter starter);
/// The commands that do all tasks that are not done and make what the job is for, for a POSIX shell: each may
/// be entered again at any time. Empty where a script is needed that is not there.
QString commandsFor(JobStarter starter, const JobCommands& wanted);
/// The command for the first task that is not done, or that makes the dataset.
QString nextCommand(const JobStatus& status, const JobCommands& wanted);

} // namespace packetloom
