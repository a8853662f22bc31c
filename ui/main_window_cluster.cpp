// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Exports that many machines make together: planning their jobs, and following them.

#include "core/filter/capture_filter.h"
#include "core/output/output_format.h"
#include "core/run/option_table.h"
#include "core/support/path_text.h"
#include "ui/format_words.h"
#include "ui/main_window.h"
#include "ui/option_words.h"
#include "ui/panels/capture_panel.h"
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
const auto compactKey = QStringLiteral("export/compact"); ///< as of other exports
const auto jobFormatKey = QStringLiteral("jobs/format");

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
    QSettings settings;
    QList<QList<Exportable>> choices;
    QList<ClusterDialog::Offer> offers;
    qsizetype latest = 0;
    for (const auto& format : outputFormats()) {
        if (settings.value(jobFormatKey).toString() == idOf(format))
            latest = offers.size();
        choices << exportable(format);
        ClusterDialog::Offer offer{.format = &format, .contents = {}};
        for (const auto& choice : choices.back()) {
            const auto& refusal = choice.content.refusal;
            offer.contents << ClusterDialog::Content{
                choice.content.words, refusal.isEmpty() ? clusterRefusal(choice.options) : refusal};
        }
        offers << offer;
    }
    const auto inputs = captures_->captures();
    const auto name = QString::fromStdString(pathText(inputs.front().filename()));
    const QDir parent(settings.value(jobParentKey, QDir::homePath()).toString());
    ClusterDialog dialog(offers,
                         QDir::toNativeSeparators(
                             parent.filePath(name.section(QLatin1Char('.'), 0, 0) + QStringLiteral("-job"))),
                         settings.value(compactKey, false).toBool(), this);
    dialog.chooseFormat(latest);
    connect(&dialog, &ClusterDialog::inspectionWanted, this,
            [&](const auto& folder) { emit jobOutlookWanted(inputs, folder); });
    clusterDialog_ = &dialog;
    dialog.inspect();
    if (dialog.exec() != QDialog::Accepted)
        return;
    settings.setValue(jobParentKey, QFileInfo(dialog.folderText()).absolutePath());
    settings.setValue(jobFormatKey, idOf(*offers[dialog.format()].format));
    const auto& chosen = choices[dialog.format()][dialog.content()];
    JobPlan plan{.folder = dialog.folder(),
                 .shards = dialog.shards(),
                 .taskBytes = dialog.taskBytes(),
                 .output = {.format = offers[dialog.format()].format, .filter = chosen.flows.filter},
                 .options = chosen.options};
    plan.options.exact = chosen.flows.rules;
    if (plan.output.format->isFolder()) {
        settings.setValue(compactKey, dialog.compact());
        plan.options.style = dialog.compact() ? JsonStyle::Compact : JsonStyle::Indented;
    }
    emit planWanted(plan);
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
    connect(window, &JobWindow::finishWanted, this,
            [this, window](const std::filesystem::path& place, bool replace) {
                finishing_ = window;
                emit finishWanted(window->job(), place, replace);
                if (busy_)
                    window->finishing();
                else
                    finishing_ = nullptr; // nothing was begun
            });
    connect(window, &JobWindow::outputWanted, this, [this](const std::filesystem::path& place) {
        emit openWanted({place});
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
