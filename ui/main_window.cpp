// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/main_window.h"

#include "core/convert/export.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "core/support/version.h"
#include "ui/command_line.h"
#include "ui/messages.h"
#include "ui/panels/addresses_panel.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/flags_panel.h"
#include "ui/panels/flows_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/options_panel.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/progress_strip.h"
#include "ui/panels/rows_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QDir>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QTabWidget>
#include <QUrl>

namespace packetloom {
namespace {

const auto recentKey = QStringLiteral("captures/recent");
constexpr int mostRecent = 12;

} // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent)
{
    setWindowTitle(tr("Packetloom"));
    setAcceptDrops(true);
    makeLayout();
    makeActions();
    resize(1240, 800);
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    optionsChanged();
}

Options MainWindow::options() const
{
    Options options;
    options.inputs = captures_->captures();
    options.ipMap = captures_->ipMap();
    filters_->apply(options);
    return options;
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
    sampleButton_->setVisible(!capture.empty());
}

void MainWindow::openSample()
{
    captures_->clear();
    captures_->setIpMap(sampleMap_);
    captures_->addCaptures({sampleCapture_});
    requestAnalysis();
}

void MainWindow::requestAnalysis()
{
    if (!analyze_->isEnabled())
        return;
    rememberCaptures();
    emit analysisWanted(options());
}

void MainWindow::rememberCaptures()
{
    QSettings settings;
    auto recent = settings.value(recentKey).toStringList();
    for (const auto& path : captures_->captures()) {
        const auto name = QString::fromStdString(pathText(path));
        recent.removeAll(name);
        recent.prepend(name);
    }
    settings.setValue(recentKey, QStringList(recent.mid(0, mostRecent)));
}

void MainWindow::fillRecent()
{
    recent_->clear();
    for (const auto& name : QSettings().value(recentKey).toStringList()) {
        const auto path = pathFromText(name.toStdString());
        auto* const action =
            recent_->addAction(shownPath(path).replace(QLatin1Char('&'), QLatin1String("&&")));
        connect(action, &QAction::triggered, this, [this, path] { captures_->addCaptures({path}); });
    }
    if (recent_->isEmpty())
        recent_->addAction(tr("None yet"))->setEnabled(false);
}

void MainWindow::setFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts)
{
    captures_->setFacts(path, facts);
}

void MainWindow::jobStarted(const QString& what)
{
    busy_ = true;
    messages_->hide();
    progress_->begin(what);
    pages_->setCurrentIndex(1);
    updateActions();
}

void MainWindow::showProgress(const Progress& progress, double seconds, const FlowTally& tally,
                              const Timeline* timeline)
{
    progress_->setProgress(progress, seconds);
    if (timeline)
        overview_->setLive(progress, tally, timeline);
}

void MainWindow::jobEnded()
{
    busy_ = false;
    progress_->hide();
    updateActions();
}

void MainWindow::showAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    analysis_ = analysis;
    pages_->setCurrentIndex(1);
    overview_->setAnalysis(analysis);
    flows_->setAnalysis(analysis);
    addresses_->setAnalysis(analysis);
    flags_->setAnalysis(analysis);
    rows_->setAnalysis(analysis);
    setInterval(std::nullopt);
    if (!analysis->totals.warnings.empty())
        messages_->show(MessageBar::Tone::Warning, warningMessage(analysis->totals.warnings.front()));
    else if (analysis->totals.rows.rejected > 0)
        messages_->show(
            MessageBar::Tone::Warning,
            tr("%1 of %2 rows could not be understood and are left out.")
                .arg(shownNumber(analysis->totals.rows.rejected), shownNumber(analysis->totals.rows.read)),
            tr("Show them"), [this] {
                tabs_->setCurrentWidget(rows_);
                rows_->showRejected();
            });
    optionsChanged();
}

void MainWindow::showSelectedFlows(const std::shared_ptr<const Analysis>& analysis,
                                   std::vector<std::uint32_t> flows)
{
    if (analysis == analysis_)
        flows_->setRows(std::move(flows));
}

void MainWindow::showFlow(std::size_t flow, const Result<FlowDetail>& detail)
{
    flows_->showFlow(flow, detail);
}

void MainWindow::showSummary(const ConversionSummary& summary)
{
    const RowCounts& rows = summary.totals.rows;
    const auto folder = summary.folder;
    messages_->show(
        MessageBar::Tone::Note,
        tr("Exported %1 flows to %2: %3 rows read = %4 kept + %5 filtered + %6 rejected; %7 files, %8.")
            .arg(shownNumber(summary.totals.flows), shownPath(folder), shownNumber(rows.read),
                 shownNumber(rows.kept), shownNumber(rows.filtered), shownNumber(rows.rejected),
                 shownNumber(summary.files), QString::fromStdString(humanBytes(summary.bytes))),
        tr("Open folder"), [folder] {
            QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(pathText(folder))));
        });
}

void MainWindow::showError(const Error& error)
{
    messages_->show(MessageBar::Tone::Error, errorMessage(error));
    if (analysis_)
        overview_->setAnalysis(analysis_); // what a failed run had drawn goes
    else
        pages_->setCurrentIndex(captures_->captures().empty() ? 0 : 1);
}

void MainWindow::showCancelled()
{
    if (analysis_) {
        overview_->setAnalysis(analysis_);
        messages_->show(MessageBar::Tone::Note, tr("Stopped. What is shown is the last complete preview."));
    } else {
        messages_->show(
            MessageBar::Tone::Note,
            tr("Stopped. The timeline shows the part that was read; there is no complete preview yet."));
    }
}

QString MainWindow::message() const
{
    return messages_->text();
}

void MainWindow::setInterval(const std::optional<std::pair<qint64, qint64>>& interval)
{
    overview_->setBrush(interval);
    flows_->setInterval(interval);
}

bool MainWindow::outOfDate() const
{
    return analysis_ && !sameCapture(analysis_->options, options());
}

void MainWindow::optionsChanged()
{
    if (!busy_ && !analysis_)
        pages_->setCurrentIndex(captures_->captures().empty() ? 0 : 1);
    stale_->setVisible(outOfDate());
    updateActions();
}

void MainWindow::updateActions()
{
    const bool ready = !busy_ && !captures_->captures().empty() && filters_->valid();
    analyze_->setEnabled(ready);
    export_->setEnabled(ready);
    copyCommand_->setEnabled(!captures_->captures().empty());
    cancel_->setEnabled(busy_);
}

void MainWindow::chooseExport()
{
    const auto now = options();
    QSettings settings;
    const auto parent = settings.value(QStringLiteral("export/parent"), QDir::homePath()).toString();
    auto name = QString::fromStdString(pathText(now.inputs.front().filename()));
    name = name.section(QLatin1Char('.'), 0, 0);
    const auto suggestion =
        QDir::toNativeSeparators(QDir(parent).filePath(name + QStringLiteral("-dataset")));
    ExportDialog dialog(suggestion, analysis_ && !outOfDate(), this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    settings.setValue(QStringLiteral("export/parent"), QFileInfo(dialog.folderText()).absolutePath());
    emit exportWanted(now, dialog.folder());
}

void MainWindow::copyCommand()
{
    QApplication::clipboard()->setText(commandLine(options(), {}));
    messages_->show(MessageBar::Tone::Note,
                    tr("The packetloom-cli line that makes the same dataset is on the clipboard."));
}

void MainWindow::about()
{
    QMessageBox::about(this, tr("About Packetloom"),
                       tr("<h3>Packetloom %1</h3><p>Packet captures as CSV to TimeArcs datasets: preview "
                          "flows, then export.</p>"
                          "<p>Free software under the GNU General Public License, version 3 or later. It "
                          "uses Qt %2, QCustomPlot, "
                          "zlib, simdjson, robin-map and fast_float.</p>")
                           .arg(QStringLiteral(PACKETLOOM_VERSION), QString::fromLatin1(qVersion())));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    std::vector<std::filesystem::path> paths;
    for (const auto& url : event->mimeData()->urls()) {
        if (!url.isLocalFile())
            continue;
        const auto path = pathFromText(url.toLocalFile().toStdString());
        if (path.extension() == ".json")
            captures_->setIpMap(path);
        else
            paths.push_back(path);
    }
    if (!paths.empty())
        captures_->addCaptures(paths);
    event->acceptProposedAction();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    flows_->saveColumns();
    addresses_->saveColumns();
    flags_->saveColumns();
    rows_->saveColumns();
    if (busy_)
        emit cancelWanted();
    QMainWindow::closeEvent(event);
}

} // namespace packetloom
