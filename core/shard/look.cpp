// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/look.h"

#include "core/shard/job_trouble.h"
#include "core/support/folder.h"

namespace packetloom {
namespace {

Result<void> checkJob(const Job& job, bool thorough)
{
    const bool there = entryAt(jobFile(job.folder)).kind == Entry::Kind::File;
    if (there && !thorough)
        return {};
    const auto now = readJob(job.folder);
    if (!now)
        return now.error();
    if (now->id != job.id)
        return jobError(JobTrouble::NotAJob, jobFile(job.folder), "another job has been planned here since");
    for (const auto& file : job.files) {
        if (auto same = checkUnchanged(file); !same)
            return same;
    }
    return {};
}

} // namespace

JobLook lookAt(const Job& job, const std::filesystem::path& place, bool thorough)
{
    JobLook look;
    if (auto fit = checkJob(job, thorough); !fit)
        look.trouble = std::move(fit).error();
    look.status = statusOf(job);
    const auto told = job.output.format->isFolder() ? place / "manifest.json" : place;
    look.made = !place.empty() && entryAt(told).kind == Entry::Kind::File;
    return look;
}

} // namespace packetloom
