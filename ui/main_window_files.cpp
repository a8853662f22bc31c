// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What the main window opens, saves and remembers.

#include "core/analysis/flow_table_analysis.h"
#include "core/support/path_text.h"
#include "ui/main_window.h"
#include "ui/messages.h"
#include "ui/older_views.h"
#include "ui/panels/addresses_panel.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/distributions_panel.h"
#include "ui/panels/engines_panel.h"
#include "ui/panels/flags_panel.h"
#include "ui/panels/flows_panel.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/options_panel.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/packets_panel.h"
#include "ui/panels/rows_panel.h"
#include "ui/recent_files.h"
#include "ui/saved_names.h"
#include "ui/views/flow_view.h"

#include <QAction>
#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QTabWidget>
#include <algorithm>

namespace packetloom {
namespace {

const auto geometryKey = QStringLiteral("window/geometry");
const auto splitterKey = QStringLiteral("window/splitter");
const auto sideKey = QStringLiteral("window/side");
const auto tabKey = QStringLiteral("window/tab");
const auto flowPartKey = QStringLiteral("window/flowPart");

std::filesystem::path chosenPath(const QString& name)
{
    return pathFromText(name.toStdString());
}

void chooseTab(QTabWidget* tabs, const QVariant& saved)
{
    // A number, as earlier versions saved it, is a place in the order of then.
    static const QStringList earlier{QStringLiteral("overview"),  QStringLiteral("flows"),
                                     QStringLiteral("addresses"), QStringLiteral("flags"),
                                     QStringLiteral("rows"),      QStringLiteral("quality")};
    const int place = savedIndex(earlier, saved);
    const QString name = place >= 0 ? earlier.at(place) : saved.toString();
    QStringList names;
    for (int i = 0; i < tabs->count(); ++i)
        names << tabs->widget(i)->objectName();
    tabs->setCurrentIndex(std::max(static_cast<int>(names.indexOf(name)), 0));
}

} // namespace

void MainWindow::openSample()
{
    emit openWanted({sampleMap_, sampleCapture_});
    requestAnalysis();
}

void MainWindow::chooseDataset()
{
    const auto name = QFileDialog::getExistingDirectory(this, tr("Open dataset"));
    if (!name.isEmpty())
        emit openWanted({chosenPath(name)});
}

void MainWindow::chooseSession()
{
    const auto name = QFileDialog::getOpenFileName(this, tr("Open session"), {},
                                                   tr("Sessions (*.packetloom);;All files (*)"));
    if (!name.isEmpty())
        emit openWanted({chosenPath(name)});
}

void MainWindow::chooseSelection()
{
    const auto name = QFileDialog::getOpenFileName(this, tr("Open a selection of the TimeArcs viewer"), {},
                                                   tr("Selections (*.json);;All files (*)"));
    if (!name.isEmpty())
        emit openWanted({chosenPath(name)});
}

void MainWindow::chooseSessionToSave()
{
    auto name = QFileDialog::getSaveFileName(this, tr("Save session"), QStringLiteral("session.packetloom"),
                                             tr("Sessions (*.packetloom)"));
    if (name.isEmpty())
        return;
    if (QFileInfo(name).suffix().isEmpty())
        name += QStringLiteral(".packetloom");
    emit sessionSaveWanted(chosenPath(name));
}

void MainWindow::rememberOpened(const std::filesystem::path& datasetOrSession)
{
    rememberFiles({{.path = datasetOrSession, .ipMap = {}}});
}

void MainWindow::rememberCaptures() const
{
    std::vector<RecentFile> files;
    for (const auto& capture : captures_->captures())
        files.push_back({.path = capture, .ipMap = captures_->ipMapOf(capture)});
    rememberFiles(files);
}

void MainWindow::fillRecent()
{
    recent_->clear();
    for (const auto& file : recentFiles()) {
        auto* const action =
            recent_->addAction(shownPath(file.path).replace(QLatin1Char('&'), QLatin1String("&&")));
        connect(action, &QAction::triggered, this, [this, file] { openRecent(file); });
    }
    if (recent_->isEmpty()) {
        recent_->addAction(tr("None yet"))->setEnabled(false);
        return;
    }
    recent_->addSeparator();
    recent_->addAction(tr("Forget these"), this, [] { forgetRecentFiles(); });
}

// In place of the captures that are open, and with the IP map that it had.
void MainWindow::openRecent(const RecentFile& file)
{
    std::error_code unknown;
    if (file.ipMap && std::filesystem::exists(file.path, unknown)) {
        captures_->clear();
        if (!file.ipMap->empty() && std::filesystem::exists(*file.ipMap, unknown))
            captures_->setIpMap(*file.ipMap);
    }
    emit openWanted({file.path});
}

void MainWindow::closeAll()
{
    captures_->clear();
    messages_->hide();
    showAnalysis(nullptr);
}

void MainWindow::updateTitle()
{
    QString open;
    if (const auto folder = dataset(); !folder.empty()) {
        open = shownPath(folder.filename());
    } else if (const auto captures = captures_->captures(); captures.size() == 1) {
        open = shownPath(captures.front().filename());
    } else if (captures.size() > 1) {
        open = tr("%1 and %2 more")
                   .arg(shownPath(captures.front().filename()), shownNumber(captures.size() - 1));
    }
    setWindowTitle(open.isEmpty() ? tr("Packetloom") : tr("%1 – Packetloom").arg(open));
}

std::filesystem::path MainWindow::dataset() const
{
    if (analysis_ && analysis_->flowTable())
        return analysis_->flowTable()->file;
    return analysis_ && analysis_->dataset() ? analysis_->dataset()->source.folder : std::filesystem::path();
}

void MainWindow::offerRecovery()
{
    recovery_->show(MessageBar::Tone::Warning,
                    tr("Packetloom did not end properly last time. Open what was open then?"),
                    {{tr("Open again"), [this] { emit recoveryWanted(); }},
                     {tr("Discard"), [this] { emit recoveryDiscarded(); }}});
}

void MainWindow::askElsewhere(const std::filesystem::path& document, const QStringList& files)
{
    auto named = shownText(files.front().toStdString());
    if (files.size() > 1)
        named = tr("%1 and %2 more").arg(named, shownNumber(static_cast<std::uint64_t>(files.size() - 1)));
    elsewhere_->show(
        MessageBar::Tone::Warning,
        tr("%1 names files on another computer: %2. Opening it may log you on there, which tells "
           "that computer your name and lets it try your password. Nothing of it has been looked "
           "at yet.")
            .arg(shownPath(document.filename()), named),
        {{tr("Open it"), [this] { emit elsewhereAgreed(); }},
         {tr("Do not open"), [this] { emit elsewhereRefused(); }}});
}

QJsonObject MainWindow::viewState() const
{
    if (!view_.isEmpty())
        return view_;
    QJsonObject state{{QStringLiteral("tab"), tabs_->currentWidget()->objectName()},
                      {QStringLiteral("timeline"), overview_->viewState()},
                      {QStringLiteral("narrowing"), narrowing_->viewState()},
                      {QStringLiteral("flows"), flows_->viewState()},
                      {QStringLiteral("flow"), flow_->viewState()},
                      {QStringLiteral("groups"), groups_->viewState()},
                      {QStringLiteral("distributions"), distributions_->viewState()},
                      {QStringLiteral("addresses"), addresses_->viewState()}};
    return state;
}

void MainWindow::setViewState(const QJsonObject& state)
{
    view_ = state;
}

void MainWindow::applyView()
{
    if (view_.isEmpty())
        return;
    const auto state = std::exchange(view_, {});
    overview_->setViewState(state.value(QStringLiteral("timeline")).toObject());
    flow_->setViewState(state.value(QStringLiteral("flow")).toObject());
    flows_->setViewState(state.value(QStringLiteral("flows")).toObject());
    groups_->setViewState(state.value(QStringLiteral("groups")).toObject());
    distributions_->setViewState(state.value(QStringLiteral("distributions")).toObject());
    addresses_->setViewState(state.value(QStringLiteral("addresses")).toObject());
    narrowing_->setViewState(narrowingOf(state));
    narrow();
    chooseTab(tabs_, state.value(QStringLiteral("tab")).toVariant());
}

void MainWindow::saveSettings() const
{
    QSettings settings;
    settings.setValue(geometryKey, saveGeometry());
    settings.setValue(splitterKey, splitter_->saveState());
    settings.setValue(sideKey, sideWanted_);
    settings.setValue(tabKey, tabs_->currentWidget()->objectName());
    filters_->saveSettings();
    overview_->saveSettings();
    settings.setValue(flowPartKey, flow_->shownPart());
    flow_->saveColumns();
    flows_->saveSettings();
    groups_->saveColumns();
    engines_->saveColumns();
    packets_->saveColumns();
    addresses_->saveColumns();
    flags_->saveColumns();
    rows_->saveColumns();
}

void MainWindow::restoreSettings()
{
    const QSettings settings;
    restoreGeometry(settings.value(geometryKey).toByteArray());
    splitter_->restoreState(settings.value(splitterKey).toByteArray());
    sideWanted_ = settings.value(sideKey, true).toBool();
    sideShown_->setChecked(sideWanted_ && !narrow_);
    flow_->showPart(settings.value(flowPartKey).toString());
    chooseTab(tabs_, settings.value(tabKey));
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
        if (url.isLocalFile())
            paths.push_back(chosenPath(url.toLocalFile()));
    }
    event->acceptProposedAction();
    if (!paths.empty())
        emit openWanted(paths);
}

bool MainWindow::mayStopWork()
{
    QMessageBox question(QMessageBox::Question, tr("Close Packetloom"), tr("Stop the work and close?"),
                         QMessageBox::Cancel, this);
    question.setInformativeText(whenClosing_);
    for (auto* const label : question.findChildren<QLabel*>())
        label->setTextFormat(Qt::PlainText); // there are names of files in it
    const QAbstractButton* const stop =
        question.addButton(tr("Stop and close"), QMessageBox::DestructiveRole);
    question.setDefaultButton(QMessageBox::Cancel);
    question.setEscapeButton(QMessageBox::Cancel);
    closingQuestion_ = &question;
    question.exec();
    return question.clickedButton() == stop;
}

// Lines of text take Ctrl+E for the end of the line before anybody else sees it. Here it is a command.
bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ShortcutOverride)
        return QMainWindow::eventFilter(watched, event);
    const QKeySequence key(static_cast<QKeyEvent*>(event)->keyCombination());
    const auto own = {open_, openDataset_, openJob_, analyze_, export_, cluster_};
    if (std::none_of(own.begin(), own.end(),
                     [&](const QAction* action) { return action->shortcut() == key; }))
        return QMainWindow::eventFilter(watched, event);
    event->ignore();
    return true;
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (closingQuestion_ || (busy_ && !mayStopWork())) {
        event->ignore();
        return;
    }
    saveSettings();
    if (busy_)
        emit cancelWanted();
    QMainWindow::closeEvent(event);
}

} // namespace packetloom
