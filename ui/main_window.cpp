// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/main_window.h"

#include "core/run/option_table.h"
#include "core/support/build_text.h"
#include "core/support/version.h"
#include "ui/charts/timeline_chart.h"
#include "ui/manual_window.h"
#include "ui/messages.h"
#include "ui/models/words.h"
#include "ui/panels/addresses_panel.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/dataset_panel.h"
#include "ui/panels/distributions_panel.h"
#include "ui/panels/engines_panel.h"
#include "ui/panels/flags_panel.h"
#include "ui/panels/flows_panel.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/job_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/options_panel.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/packets_panel.h"
#include "ui/panels/progress_strip.h"
#include "ui/panels/quality_panel.h"
#include "ui/panels/rows_panel.h"
#include "ui/panels/start_page.h"
#include "ui/views/flow_view.h"

#include <QAction>
#include <QApplication>
#include <QGroupBox>
#include <QLabel>
#include <QMessageBox>
#include <QScreen>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabWidget>
#include <utility>

namespace packetloom {

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent)
{
    setWindowTitle(tr("Packetloom"));
    setAcceptDrops(true);
    qApp->installEventFilter(this);
    makeLayout();
    connectPanels();
    makeActions();
    // With a frame around it, also where a scale factor leaves little of the screen.
    resize(QSize(1240, 800).boundedTo(screen()->availableSize() - QSize(16, 48)));
    restoreSettings();
    optionsChanged();
}

Options MainWindow::options() const
{
    Options options;
    options.inputs = captures_->captures();
    options.ipMap = captures_->ipMap();
    filters_->apply(options);
    options.specs = captures_->specs();
    for (auto& spec : options.specs) { // these are chosen for all
        spec.tunnels = options.reading.tunnels;
        spec.verifyChecksums = options.reading.verifyChecksums;
    }
    return options;
}

void MainWindow::setOptions(const Options& options)
{
    captures_->clear();
    captures_->setIpMap(options.ipMap);
    captures_->addCaptures(options.inputs);
    for (auto spec : options.specs) {
        spec.tunnels = InputSpec().tunnels; // both are among the options
        spec.verifyChecksums = false;
        captures_->setSpecs({spec});
    }
    filters_->setOptions(options);
}

void MainWindow::setAddresses(const QString& list)
{
    filters_->setAddresses(list);
}

void MainWindow::addCaptures(const std::vector<std::filesystem::path>& paths)
{
    captures_->addCaptures(paths);
}

void MainWindow::setIpMap(const std::filesystem::path& path)
{
    captures_->setIpMap(path);
}

void MainWindow::setSample(const std::filesystem::path& capture, const std::filesystem::path& ipMap)
{
    sampleCapture_ = capture;
    sampleMap_ = ipMap;
    start_->setSample(!capture.empty());
}

void MainWindow::requestAnalysis()
{
    if (!analyze_->isEnabled())
        return;
    rememberCaptures();
    emit analysisWanted(options());
}

void MainWindow::setFacts(const InputSpec& spec, const Result<CaptureFacts>& facts)
{
    captures_->setFacts(spec, facts);
}

void MainWindow::setTogether(const std::filesystem::path& path, const std::vector<InputProblem>& problems)
{
    captures_->setTogether(path, problems);
}

void MainWindow::jobStarted(const QString& what, const QString& whenClosing)
{
    busy_ = true;
    whenClosing_ = whenClosing;
    spaceSaid_ = false;
    updateStale();
    messages_->hide();
    progress_->begin(what);
    addresses_->setWaiting(!analysis_);
    if (!finishing_)
        pages_->setCurrentIndex(1);
    updateActions();
    tellJobWindows();
    emit stateChanged();
}

void MainWindow::showProgress(const Progress& progress, double seconds, const FlowTally& tally,
                              const Timeline* timeline, const std::shared_ptr<const Analysis>& firstFlows)
{
    progress_->setProgress(progress, seconds);
    if (finishing_)
        finishing_->setProgress(progress, seconds);
    if (progress.spaceNeeded > 0 && !std::exchange(spaceSaid_, true))
        messages_->show(MessageBar::Tone::Warning,
                        spaceMessage(progress.spaceNeeded, progress.spaceAvailable));
    if (timeline)
        overview_->setLive(progress, tally, timeline);
    if (!analysis_ && firstFlows)
        flows_->setFirst(firstFlows, progress.flows);
}

void MainWindow::jobEnded()
{
    busy_ = false;
    if (closingQuestion_)
        closingQuestion_->reject(); // there is nothing left to ask about
    progress_->hide();
    addresses_->setWaiting(false);
    updateActions();
    tellJobWindows();
    emit stateChanged();
}

void MainWindow::showAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    // What was looked for in other captures means nothing here.
    if (!analysis_ || !analysis || analysis_->inputs != analysis->inputs) {
        const QSignalBlocker once(narrowing_);
        narrowing_->clear();
    }
    analysis_ = analysis;
    const bool ofTable = analysis && analysis->flowTable();
    const bool opened = ofTable || (analysis && analysis->dataset());
    datasetBox_->setVisible(opened);
    datasetBox_->setTitle(ofTable ? tr("Table of flows") : tr("Dataset"));
    if (opened) {
        dataset_->setAnalysis(analysis);
        rememberOpened(dataset());
    }
    addresses_->setAllProtocols(ofTable);
    flags_->setWithoutPackets(ofTable);
    overview_->setAnalysis(analysis);
    for (const auto& window : std::exchange(flowWindows_, {}))
        delete window; // its flow is gone
    flow_->setAnalysis(analysis);
    flows_->setAnalysis(analysis);
    groups_->setAnalysis(analysis);
    distributions_->setAnalysis(analysis);
    packets_->setAnalysis(analysis);
    rows_->setAnalysis(analysis);
    quality_->setAnalysis(analysis);
    engines_->setAnalysis(analysis);
    narrowing_->setAddresses(analysis ? std::shared_ptr<const AddressTable>(analysis, &analysis->addresses)
                                      : nullptr);
    showAsAnalyzed();
    narrow();
    if (analysis) {
        pages_->setCurrentIndex(1);
        markIncomplete();
        showWarnings();
        applyView();
    }
    optionsChanged();
}

void MainWindow::showSelectedFlows(const std::shared_ptr<const Analysis>& analysis,
                                   std::vector<std::uint32_t> flows)
{
    if (analysis != analysis_)
        return;
    flowsLeft_ = flows.size();
    flows_->setRows(std::move(flows));
    showCount();
}

void MainWindow::showEngines(const std::shared_ptr<const Analysis>& analysis,
                             const Result<ComparedEngines>& compared)
{
    engines_->setCompared(analysis, compared);
}

void MainWindow::showGroups(const std::shared_ptr<const Analysis>& analysis,
                            const Result<GroupAnswer>& groups)
{
    groups_->setGroups(analysis, groups);
}

void MainWindow::showStretches(const std::shared_ptr<const Analysis>& analysis,
                               const Result<std::vector<TimeRange>>& stretches)
{
    overview_->timeline()->setStretches(analysis, stretches);
}

void MainWindow::showTimeline(const std::shared_ptr<const Analysis>& analysis, const TimelineQuery& query,
                              const Result<TimelineBins>& bins)
{
    overview_->timeline()->setBins(analysis, query, bins);
}

void MainWindow::showSelectedAddresses(const std::shared_ptr<const CountedPackets>& analysis,
                                       std::vector<std::uint32_t> rows)
{
    addresses_->setAddressRows(analysis, std::move(rows));
}

void MainWindow::showSelectedPairs(const std::shared_ptr<const CountedPackets>& analysis,
                                   std::vector<std::uint32_t> rows)
{
    addresses_->setPairRows(analysis, std::move(rows));
}

void MainWindow::showTime(qint64 start, qint64 end)
{
    tabs_->setCurrentWidget(overview_);
    overview_->showInterval(start, end);
}

bool MainWindow::outOfDate() const
{
    const auto* const capture = analysis_ ? analysis_->capture() : nullptr;
    return capture && (capture->partial || !sameCapture(capture->options, options()));
}

void MainWindow::optionsChanged()
{
    if (!busy_ && !analysis_)
        pages_->setCurrentIndex(captures_->captures().empty() ? 0 : 2);
    updateStale();
    updateActions();
    showReady();
    updateTitle();
    emit stateChanged();
}

void MainWindow::updateStale()
{
    const bool besideDataset =
        analysis_ && (analysis_->dataset() || analysis_->flowTable()) && !captures_->captures().empty();
    staleText_->setText(
        besideDataset && analysis_->flowTable()
            ? tr("This is a table of flows. Analyze to see the captures that were opened in the meantime.")
        : besideDataset
            ? tr("This is a dataset. Analyze to see the captures that were opened in the meantime.")
            : tr("The captures, filters or options have changed since this preview. Analyze again to see "
                 "them."));
    if (analysis_ && analysis_->capture() && analysis_->capture()->partial)
        staleText_->setText(
            tr("This is only the part that was read before the stop. Analyze again to see all of it."));
    stale_->setVisible(besideDataset || outOfDate());
}

void MainWindow::updateActions()
{
    const bool any = !captures_->captures().empty();
    const bool ready = !busy_ && any && filters_->valid();
    analyze_->setEnabled(ready);
    // What is looked at is what is exported, or nothing is.
    const bool table = analysis_ && analysis_->flowTable(), dataset = analysis_ && analysis_->dataset();
    export_->setEnabled(ready && !table && !dataset);
    export_->setToolTip(table     ? noPacketsWords() + QLatin1Char(' ') + tr("Nothing can be exported of it.")
                        : dataset ? tr("This is a dataset already. Analyze the captures to export them.")
                                  : tr("Write a dataset, or the flows as a file (Ctrl+E)"));
    cluster_->setEnabled(export_->isEnabled());
    cluster_->setToolTip(export_->isEnabled()
                             ? tr("Cut the export into tasks for many machines (Ctrl+Shift+E)")
                             : export_->toolTip());
    copyCommand_->setEnabled(any);
    saveSession_->setEnabled(any || analysis_);
    openDataset_->setEnabled(!busy_);
    closeAll_->setEnabled(!busy_ && (any || analysis_));
    cancel_->setEnabled(busy_);
    narrowing_->setVisible(analysis_ != nullptr);
    recovery_->setEnabled(!busy_);
}

void MainWindow::showManual()
{
    auto* manual = findChild<ManualWindow*>();
    if (!manual)
        manual = new ManualWindow(this);
    manual->show();
    manual->raise();
    manual->activateWindow();
}

void MainWindow::about()
{
    QMessageBox::about(this, tr("About Packetloom"),
                       tr("<h3>Packetloom %1</h3><p>Packet captures to TimeArcs datasets: preview "
                          "flows, then export.</p><p>Build %3<br>%4</p>"
                          "<p>Free software under the GNU General Public License, version 3 or later. It "
                          "uses Qt %2, QCustomPlot, "
                          "zlib, simdjson, RE2, robin-map and fast_float.</p>")
                           .arg(QStringLiteral(PACKETLOOM_VERSION), QString::fromLatin1(qVersion()),
                                QString::fromLatin1(buildText()), QStringLiteral(PACKETLOOM_HOMEPAGE)));
}

} // namespace packetloom
