// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/job_lookups.h"

namespace packetloom {
namespace {

using JobPtr = std::shared_ptr<const Job>;

} // namespace

JobLookups::JobLookups(QObject* parent) : QObject(parent)
{
    thread_.setMaxThreadCount(1);
}

JobLookups::~JobLookups()
{
    for (const auto& question : {place_, read_, look_}) {
        if (question)
            *question = true;
    }
    thread_.clear();
    thread_.waitForDone();
}

void JobLookups::inspectPlace(const std::vector<std::filesystem::path>& inputs,
                              const std::filesystem::path& folder)
{
    lookUpOn(
        thread_, this, place_,
        [inputs, folder](StopFlag) -> Result<JobOutlook> { return outlookOf(inputs, folder); },
        [this, folder](const Result<JobOutlook>& outlook) {
            emit placeInspected(folder,
                                outlook ? *outlook : JobOutlook{.place = outlook.error(), .inputBytes = {}});
        });
}

void JobLookups::read(const std::filesystem::path& folder)
{
    lookUpOn(
        thread_, this, read_,
        [folder](StopFlag) -> Result<JobPtr> {
            auto job = readJob(folder);
            return job ? Result<JobPtr>(std::make_shared<Job>(*std::move(job))) : std::move(job).error();
        },
        [this](const Result<JobPtr>& job) { emit wasRead(job); });
}

void JobLookups::look(const std::shared_ptr<const Job>& job, const std::filesystem::path& place,
                      bool thorough)
{
    lookUpOn(
        thread_, this, look_,
        [job, place, thorough](StopFlag) -> Result<JobLook> { return lookAt(*job, place, thorough); },
        [this](const Result<JobLook>& look) {
            emit looked(look ? *look : JobLook{.status = {}, .trouble = look.error()});
        });
}

} // namespace packetloom
