// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Exports that are cut into tasks for many machines.

#include "app/job_lookups.h"
#include "app/session.h"
#include "ui/main_window.h"
#include "ui/messages.h"
#include "ui/panels/job_window.h"

namespace packetloom {

void Session::connectCluster()
{
    connect(&window_, &MainWindow::jobOutlookWanted, &jobLookups_, &JobLookups::inspectPlace);
    connect(&jobLookups_, &JobLookups::placeInspected, &window_, &MainWindow::showJobOutlook);
    connect(&window_, &MainWindow::planWanted, this, &Session::planJob);
    connect(&jobs_, &Jobs::planned, this, [this](const JobPtr& job) {
        window_.jobEnded();
        window_.showNote(
            tr("The job is in %1. Its window shows the commands that do it.").arg(shownPath(job->folder)));
        window_.showJob(job);
    });
    connect(&window_, &MainWindow::jobWanted, &jobLookups_, &JobLookups::read);
    connect(&jobLookups_, &JobLookups::wasRead, this, [this](const Result<JobPtr>& job) {
        if (job)
            window_.showJob(*job);
        else
            window_.showError(job.error());
    });
    connect(&window_, &MainWindow::jobWindowOpened, this, [](JobWindow* view) {
        auto* const lookups = new JobLookups(view);
        connect(view, &JobWindow::lookWanted, lookups, &JobLookups::look);
        connect(lookups, &JobLookups::looked, view, &JobWindow::setLook);
    });
    connect(&window_, &MainWindow::finishWanted, this, &Session::finishJob);
}

void Session::planJob(const JobPlan& plan)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    window_.jobStarted(
        tr("Planning"),
        tr("A job is being planned in %1. Nothing of it is there yet.").arg(shownPath(plan.folder)));
    jobs_.planJob(plan);
}

void Session::finishJob(const std::shared_ptr<const Job>& job, const std::filesystem::path& place,
                        bool replace)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    exported_ = job->options;
    exported_.replaceAnything = replace;
    asked_ = {.format = job->output.format,
              .rules = job->options.exact,
              .filter = job->output.filter,
              .flows = {},
              .file = place};
    window_.jobStarted(tr("Finishing"),
                       tr("The output of a job is being made in %1. What is there will stay as "
                          "it was; what the tasks have done stays, too.")
                           .arg(shownPath(place)));
    jobs_.finishJob(job, place, replace);
}

} // namespace packetloom
