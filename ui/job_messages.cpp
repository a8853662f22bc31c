// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/job_messages.h"

#include "core/shard/job_trouble.h"
#include "ui/messages.h"

#include <QCoreApplication>

namespace packetloom {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Messages", text);
}

} // namespace

QString jobTroubleMessage(const Error& error)
{
    auto detail = shownText(error.detail);
    switch (jobTroubleOf(error).value_or(JobTrouble::Damaged)) {
    case JobTrouble::NotAJob:
        return tr("This folder is no job for a cluster: %1.").arg(detail);
    case JobTrouble::JobExists:
        return tr("There is a job in this folder already. Choose another folder for a new one.");
    case JobTrouble::OtherVersion:
        return tr("The job is of another version of the program (%1). All its tasks take the same one.")
            .arg(detail);
    case JobTrouble::InputChanged:
        return tr("The file is not the one that the job was planned with. Plan a new job.");
    case JobTrouble::NoSuchTask:
        return tr("The job has no task %1.").arg(detail);
    case JobTrouble::NotDone:
        return tr("Task %1 has to be done first.").arg(detail);
    case JobTrouble::ChunksGone:
        return tr("The chunk files of task %1 are not here any more, or on another machine. Run the task "
                  "again.")
            .arg(detail);
    case JobTrouble::Damaged:
        return tr("The file is damaged, or another job’s: %1. Remove the task’s folder, and run "
                  "the task again.")
            .arg(detail);
    case JobTrouble::NoChunkFiles:
        return tr("The job makes %1, which has no chunk files.").arg(detail);
    case JobTrouble::OtherOutput:
        return tr("The job makes %1, which goes to another kind of place.").arg(detail);
    case JobTrouble::OutputInJob:
        return tr("This lies in the job\u2019s folder, or holds it. Choose another place for the output.");
    case JobTrouble::NotInTasks:
        return tr("This cannot be cut into tasks: %1.").arg(detail);
    }
    return detail;
}

} // namespace packetloom
