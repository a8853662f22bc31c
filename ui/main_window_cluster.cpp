// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Exports that many machines make together: planning their jobs, and following them.

#include "core/filter/capture_filter.h"
#include "core/output/output_format.h"
#include "core/run/option_table.h"
#include "core/support/path_text.h"
#include "ui/main_window.h"
#include "ui/option_words.h"
#include "ui/panels/cluster_dialog.h"
#include "ui/panels/job_window.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QScreen>
#include <QSettings>
#include <algorithm>
#include <variant>

namespace packetloom {
namespace {

const auto jobParentKey = QStringLiteral("jobs/parent");

/// Why it cannot be cut into tasks, by what the window can change about it; empty where it can. The rule is
/// planJob()'s (docs/scale.md, 3).
QString clusterRefusal(const Options& options)
{
    const auto without = [](OptionId id) {
        return MainWindow::tr("Tasks cannot leave captures out, of which the others would not know. Turn off "
                              "“%1”.")
            .arg(optionLabel(id));
    };
    if (options.skipBroken)
        return without(OptionId::SkipBroken);
    if (options.skipMissing)
        return without(OptionId::SkipMissing);
    const auto filter = parseCaptureFilter(options.filter);
    const auto* const parts = std::get_if<CaptureFilter>(&filter);
    if (parts && parts->flows)
        return MainWindow::tr(
            "Tasks cannot choose flows: a filter that asks for what only whole flows have has "
            "to see all of them first. Filters of packets and time windows can be cut.");
    return {};
}

} // namespace

void MainWindow::makeClusterActions()
{
    openJob_ = new QAction(tr("Open &job…"), this);
    openJob_->setShortcut(Qt::CTRL | Qt::Key_J);
    openJob_->setToolTip(tr("Follow an export that is made on a cluster (Ctrl+J)"));
    cluster_ = new QAction(tr("Export on a c&luster…"), this);
    cluster_->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_E);
    connect(openJob_, &QAction::triggered, this, &MainWindow::chooseJob);
    connect(cluster_, &QAction::triggered, this, &MainWindow::chooseCluster);
}

void MainWindow::setJobPrograms(const JobPrograms& programs)
{
    jobPrograms_ = programs;
}

void MainWindow::chooseCluster()
{
    const OutputFormat* format = nullptr;
    for (const auto& one : outputFormats()) { // the format is no choice yet: what jobs are finished to
        if (one.isFolder() && !format)
            format = &one;
    }
    const auto choices = exportable(*format);
    QList<ClusterDialog::Content> contents;
    for (const auto& choice : choices)
        contents << ClusterDialog::Content{choice.content.words, clusterRefusal(choice.options)};
    QSettings settings;
    const QDir parent(settings.value(jobParentKey, QDir::homePath()).toString());
    const auto name = QString::fromStdString(pathText(choices.front().options.inputs.front().filename()));
    ClusterDialog dialog(contents,
                         QDir::toNativeSeparators(
                             parent.filePath(name.section(QLatin1Char('.'), 0, 0) + QStringLiteral("-job"))),
                         this);
    connect(&dialog, &ClusterDialog::inspectionWanted, this,
            [&](const auto& folder) { emit jobOutlookWanted(choices.front().options.inputs, folder); });
    clusterDialog_ = &dialog;
    dialog.inspect();
    if (dialog.exec() != QDialog::Accepted)
        return;
    settings.setValue(jobParentKey, QFileInfo(dialog.folderText()).absolutePath());
    emit planWanted({.folder = dialog.folder(),
                     .shards = dialog.shards(),
                     .taskBytes = dialog.taskBytes(),
                     .options = choices[dialog.content()].options});
}

void MainWindow::showJobOutlook(const std::filesystem::path& folder, const JobOutlook& outlook)
{
    if (clusterDialog_)
        clusterDialog_->showOutlook(folder, outlook);
}

void MainWindow::chooseJob()
{
    QSettings settings;
    const auto name = QFileDialog::getExistingDirectory(this, tr("Open the folder of a job"),
                                                        settings.value(jobParentKey).toString());
    if (name.isEmpty())
        return;
    settings.setValue(jobParentKey, QFileInfo(name).absolutePath());
    emit jobWanted(pathFromText(name.toStdString()));
}

void MainWindow::showJob(const std::shared_ptr<const Job>& job)
{
    optionsChanged(); // nothing that was shown is another
    jobWindows_.removeIf([](const QPointer<JobWindow>& window) { return !window; });
    for (const auto& window : std::as_const(jobWindows_)) {
        if (window->job()->id == job->id) {
            window->show();
            window->raise();
            window->activateWindow();
            return;
        }
    }
    rememberOpened(job->folder);
    auto* const window = new JobWindow(job, jobPrograms_, this);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->resize(QSize(860, 600).boundedTo(screen()->availableSize() - QSize(16, 48)));
    window->setBusy(busy_);
    jobWindows_ << window;
    connect(window, &JobWindow::finishWanted, this, [this, window](const std::filesystem::path& folder) {
        finishing_ = window;
        emit finishWanted(window->job(), folder);
        if (busy_)
            window->finishing();
        else
            finishing_ = nullptr; // nothing was begun
    });
    connect(window, &JobWindow::datasetWanted, this, [this](const std::filesystem::path& folder) {
        emit openWanted({folder});
        raise();
        activateWindow();
    });
    connect(window, &JobWindow::cancelWanted, cancel_, &QAction::trigger);
    emit jobWindowOpened(window);
    window->show();
}

void MainWindow::tellJobWindows()
{
    for (const auto& window : std::as_const(jobWindows_)) {
        if (window)
            window->setBusy(busy_);
    }
    if (!busy_ && finishing_) {
        finishing_->finishEnded();
        finishing_ = nullptr;
        optionsChanged(); // the pages are those of before
    }
}

} // namespace packetloom
