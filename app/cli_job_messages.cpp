// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_job_messages.h"

#include "core/shard/job_trouble.h"
#include "core/support/text_format.h"

namespace packetloom {

std::string jobTroubleText(const Error& error)
{
    std::string detail = printable(error.detail);
    switch (jobTroubleOf(error).value_or(JobTrouble::Damaged)) {
    case JobTrouble::NotAJob:
        return "this is no job that shard plan made: " + detail + '.';
    case JobTrouble::JobExists:
        return "there is a job here already. Choose another folder for a new one.";
    case JobTrouble::OtherVersion:
        return "the job is of another version of the program (" + detail +
               "). Every task of a job takes the same one.";
    case JobTrouble::InputChanged:
        return "the file is not the one that the job was planned with. Plan a new job.";
    case JobTrouble::NoSuchTask:
        return "the job has no task " + detail + '.';
    case JobTrouble::NotDone:
        return "task " + detail + " has to be done first.";
    case JobTrouble::ChunksGone:
        return "the chunk files of task " + detail +
               " are not here any more, or on another machine. Run the task again.";
    case JobTrouble::Damaged:
        return "the file is damaged, or another job's: " + detail +
               ". Remove the task's folder, and run the task again.";
    case JobTrouble::NoChunkFiles:
        return "the job makes " + detail +
               ", which has no chunk files: leave out --output-dir, and name the file to shard finish.";
    case JobTrouble::OtherOutput:
        return "the job makes " + detail +
               ": use --output FILE for lines of flows, --output-dir DIR for a dataset.";
    case JobTrouble::OutputInJob:
        return "this lies in the job's folder, or holds it. Choose another place for the output.";
    case JobTrouble::NotInTasks:
        return "this cannot be cut into tasks: " + detail + '.';
    }
    return detail;
}

} // namespace packetloom
