// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What the main window says of what happened.

#include "core/run/preflight.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/command_line.h"
#include "ui/main_window.h"
#include "ui/messages.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/flows_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/options_panel.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/quality_panel.h"
#include "ui/panels/rows_panel.h"

#include <QDesktopServices>
#include <QTabWidget>
#include <QUrl>
#include <algorithm>

namespace packetloom {
namespace {

void openInDesktop(const std::filesystem::path& folder)
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(pathText(folder))));
}

/// Nothing where all captures are whole.
QString incompleteWords(const RunTotals& totals)
{
    const auto incomplete = static_cast<std::uint64_t>(std::ranges::count_if(
        totals.inputs, [](const InputTotals& input) { return input.incomplete.has_value(); }));
    return incomplete > 0
               ? MainWindow::tr(" Captures that are not all in it: %1.").arg(shownNumber(incomplete))
               : QString();
}

} // namespace

void MainWindow::showWarnings()
{
    const RunTotals& totals = analysis_->totals;
    if (analysis_->flowTable())
        showTableWarnings();
    else if (const auto* const capture = analysis_->capture(); capture && capture->partial)
        messages_->show(MessageBar::Tone::Note,
                        tr("Stopped. These are the %1 rows that were read until then.")
                            .arg(shownNumber(totals.rows.read)));
    else if (std::ranges::any_of(totals.inputs,
                                 [](const auto& input) { return input.incomplete.has_value(); }))
        messages_->show(MessageBar::Tone::Warning, incompleteMessage(totals),
                        {{tr("Show quality"), [this] { tabs_->setCurrentWidget(quality_); }}});
    else if (!totals.warnings.empty())
        messages_->show(MessageBar::Tone::Warning, warningMessage(totals.warnings.front()));
    else if (totals.rows.rejected > 0 && !analysis_->dataset())
        messages_->show(MessageBar::Tone::Warning,
                        tr("%1 of %2 rows could not be understood and are left out.")
                            .arg(shownNumber(totals.rows.rejected), shownNumber(totals.rows.read)),
                        {{tr("Show them"), [this] {
                              tabs_->setCurrentWidget(rows_);
                              rows_->showRejected();
                          }}});
    else if (totals.rows.kept == 0)
        messages_->show(MessageBar::Tone::Warning,
                        totals.rows.filtered > 0
                            ? tr("The filters keep none of the %1 rows.").arg(shownNumber(totals.rows.read))
                            : tr("There are no packets in it."));
}

// What had to be assumed of the table, and what was left out of it: all of it, for it is little.
void MainWindow::showTableWarnings()
{
    const RunTotals& totals = analysis_->totals;
    QStringList lines;
    for (const Warning& warning : totals.warnings)
        lines << warningMessage(warning);
    if (totals.rows.rejected > 0) {
        lines.prepend(tr("%1 of %2 rows could not be understood and are left out.")
                          .arg(shownNumber(totals.rows.rejected), shownNumber(totals.rows.read)));
        messages_->show(MessageBar::Tone::Warning, lines.join(QLatin1Char('\n')),
                        {{tr("Show them"), [this] {
                              tabs_->setCurrentWidget(rows_);
                              rows_->showRejected();
                          }}});
    } else if (!lines.isEmpty()) {
        messages_->show(MessageBar::Tone::Warning, lines.join(QLatin1Char('\n')));
    }
}

void MainWindow::showDamage(const std::shared_ptr<const Analysis>& dataset,
                            const Result<DatasetDamage>& damage)
{
    if (dataset != analysis_)
        return;
    if (!damage) {
        showError(damage.error());
        return;
    }
    if (damage->damaged == 0)
        return;
    QStringList lines{tr("Files of flows that are damaged: %1 of %2. Their flows cannot be looked into.")
                          .arg(shownNumber(damage->damaged), shownNumber(damage->checked))};
    for (const Error& error : damage->first)
        lines << errorMessage(error);
    messages_->show(MessageBar::Tone::Error, lines.join(QLatin1Char('\n')));
}

// In the list: which captures are not all in what is shown.
void MainWindow::markIncomplete()
{
    captures_->clearIncomplete();
    if (!analysis_->capture())
        return;
    const auto& inputs = analysis_->totals.inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!inputs[i].incomplete)
            continue;
        const auto why = errorReason(*inputs[i].incomplete);
        captures_->setIncomplete(
            analysis_->inputs[i],
            inputs[i].leftOut
                ? tr("Left out: %1").arg(why)
                : tr("Rows of it that are in: %1. %2").arg(shownNumber(inputs[i].rows.kept), why));
    }
}

void MainWindow::goOnWithoutBroken()
{
    filters_->setSkipBroken(true);
    requestAnalysis();
}

void MainWindow::showSummary(const ConversionSummary& summary, const Options& options)
{
    const RowCounts& rows = summary.totals.rows;
    const auto folder = summary.folder;
    messages_->show(
        MessageBar::Tone::Note,
        tr("Exported %1 flows to %2: %3 rows read = %4 kept + %5 filtered + %6 rejected%7; %8 files, %9.")
                .arg(shownNumber(summary.totals.flows), shownPath(folder), shownNumber(rows.read),
                     shownNumber(rows.kept), shownNumber(rows.filtered), shownNumber(rows.rejected),
                     rows.notIp > 0 ? tr(" + %1 not IP").arg(shownNumber(rows.notIp)) : QString(),
                     shownNumber(summary.files), QString::fromStdString(humanBytes(summary.bytes))) +
            incompleteWords(summary.totals),
        {{tr("Open folder"), [folder] { openInDesktop(folder); }, false},
         {tr("Open dataset"), [this, folder] { emit openWanted({folder}); }},
         {tr("Copy command"), [this, options, folder] { copyCommand(commandLine(options, folder)); },
          false}});
}

void MainWindow::showFlowSummary(const FlowExportSummary& summary, const Options& options,
                                 const FlowExportQuestion& question)
{
    const RowCounts& rows = summary.totals.rows;
    const auto file = summary.file;
    const auto flows = summary.written == summary.flows
                           ? shownNumber(summary.flows)
                           : tr("%1 of %2").arg(shownNumber(summary.written), shownNumber(summary.flows));
    messages_->show(
        MessageBar::Tone::Note,
        tr("Exported %1 flows to %2: %3 rows read = %4 kept + %5 filtered + %6 rejected%7; %8.")
                .arg(flows, shownPath(file), shownNumber(rows.read), shownNumber(rows.kept),
                     shownNumber(rows.filtered), shownNumber(rows.rejected),
                     rows.notIp > 0 ? tr(" + %1 not IP").arg(shownNumber(rows.notIp)) : QString(),
                     QString::fromStdString(humanBytes(summary.bytes))) +
            incompleteWords(summary.totals),
        {{tr("Open folder"), [folder = file.parent_path()] { openInDesktop(folder); }, false},
         {tr("Open table"), [this, file] { emit openWanted({file}); }},
         {tr("Copy command"),
          [this, options, question] { copyCommand(exportCommandLine(options, question)); }, false}});
}

void MainWindow::showError(const Error& error)
{
    std::vector<MessageBar::Action> actions;
    const auto captures = captures_->captures();
    if (isBrokenInput(error) && std::ranges::find(captures, error.file) != captures.end()) {
        captures_->setIncomplete(error.file, errorReason(error));
        if (captures.size() > 1 && !options().skipBroken)
            actions.push_back({tr("Go on without it"), [this] { goOnWithoutBroken(); }});
    }
    messages_->show(MessageBar::Tone::Error, errorMessage(error), actions);
    overview_->setAnalysis(analysis_); // what a failed run had drawn goes
    flows_->setAnalysis(analysis_);
    optionsChanged();
}

void MainWindow::showCancelled()
{
    overview_->setAnalysis(analysis_);
    flows_->setAnalysis(analysis_);
    messages_->show(MessageBar::Tone::Note, analysis_
                                                ? tr("Stopped. What is shown is the last complete preview.")
                                                : tr("Stopped. Nothing of it is kept."));
    optionsChanged();
}

void MainWindow::showNote(const QString& text)
{
    messages_->show(MessageBar::Tone::Note, text);
}

QString MainWindow::message() const
{
    return messages_->text();
}

} // namespace packetloom
