// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace packetloom {

/// Why a job cannot be gone on with; Error::file is the file that is the trouble.
enum class JobTrouble : std::uint8_t {
    NotAJob,      ///< a folder without a job.json of ours; detail: what is wrong with it
    JobExists,    ///< there is one already where one is to be made
    OtherVersion, ///< another version of the program made it; detail: which
    InputChanged, ///< an input or IP map is not the one that was planned with
    NoSuchTask,   ///< detail: which was asked for
    NotDone,      ///< a task has to come first; detail: its name ("map 3")
    ChunksGone,   ///< chunk files of a merge task are not beside the dataset any more; detail: its name
    Damaged,      ///< a file of a finished task is corrupt, or another job's; detail: what
    NoChunkFiles, ///< a place for chunk files is told of a job that makes none; detail: what it makes
    OtherOutput,  ///< the job makes another kind of output than is asked for; detail: which it makes
    OutputInJob,  ///< the output would lie in the job's folder, or in its place
    NotInTasks,   ///< what cannot be cut into tasks; detail: what it is
};

inline Error jobError(JobTrouble trouble, std::filesystem::path file, std::string detail = {})
{
    return {.code = Errc::Job, .detail = std::move(detail), .file = std::move(file), .facts = trouble};
}

/// Nothing for the errors of others.
inline std::optional<JobTrouble> jobTroubleOf(const Error& error)
{
    const auto* const trouble = std::get_if<JobTrouble>(&error.facts);
    return error.code == Errc::Job && trouble ? std::optional(*trouble) : std::nullopt;
}

/// Of what a task needs of others: asked for too soon it is no failure, as what was asked for wrongly is
/// none. All else is.
inline Error ofOtherTasks(Error error)
{
    if (jobTroubleOf(error) == JobTrouble::NotDone)
        error.stage = Stage::Prepare;
    return error;
}

} // namespace packetloom
