// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What can be exported from the main window, as what, and what is asked before.

#include "core/analysis/exact_flow_filter.h"
#include "core/filter/filter_parser.h"
#include "core/output/output_format.h"
#include "core/support/path_text.h"
#include "ui/command_line.h"
#include "ui/filter_messages.h"
#include "ui/format_words.h"
#include "ui/main_window.h"
#include "ui/messages.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/narrowing_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <algorithm>
#include <variant>

namespace packetloom {
namespace {

const auto exportParentKey = QStringLiteral("export/parent");
const auto exportFormatKey = QStringLiteral("export/format");
const auto exportCompactKey = QStringLiteral("export/compact");

/// The packets of `now` that are in the interval.
Options within(Options now, const std::pair<std::int64_t, std::int64_t>& interval)
{
    now.window.start = std::max(now.window.start.value_or(interval.first), interval.first);
    now.window.end = std::min(now.window.end.value_or(interval.second), interval.second);
    return now;
}

} // namespace

bool MainWindow::isFresh() const
{
    return analysis_ && analysis_->capture() && !outOfDate();
}

MainWindow::Exportable MainWindow::allOf(const OutputFormat& format) const
{
    Exportable all{
        .content = {.words = tr("All packets of the captures"), .packets = {}, .readAgain = !isFresh()},
        .options = options()};
    all.flows = {.format = &format, .rules = all.options.exact, .filter = {}, .flows = {}, .file = {}};
    if (!isFresh())
        return all;
    const auto packets = shownNumber(analysis_->packets());
    // A dataset's flows are always the reference's, those of a file the exact engine's.
    const bool exact = analysis_->capture()->options.flowsBy == FlowsBy::Exact;
    all.content.words =
        exact != format.isFolder()
            ? tr("All %1 packets, %2 flows").arg(packets, shownNumber(analysis_->flows.size()))
        : format.isFolder()
            ? tr("All %1 packets, and the flows that they make by the reference's rules").arg(packets)
            : tr("All %1 packets, and the flows of all protocols that they make").arg(packets);
    if (format.isFolder())
        all.content.packets = analysis_->packets();
    else
        all.content.readAgain = !holdsPacketsOf(*analysis_->capture(), all.options);
    return all;
}

MainWindow::Exportable MainWindow::seenOfDataset(const OutputFormat& format) const
{
    const auto narrowing = narrowing_->narrowing();
    auto seen = allOf(format);
    seen.content = {.words = {}, .packets = {}, .readAgain = true};
    QStringList words;
    if (narrowing.filter) {
        // As the table of flows has it: of what can be asked of flows, the flows as a whole.
        const bool ofFlows = canAskFlows(*narrowing.filter);
        const bool exact = analysis_->capture()->options.flowsBy == FlowsBy::Exact;
        const auto filter =
            ofFlows ? QStringLiteral("flow(%1)").arg(narrowing_->filterText()) : narrowing_->filterText();
        const auto before = QString::fromStdString(seen.options.filter);
        seen.options.filter =
            (before.isEmpty() ? filter : QStringLiteral("(%1) and (%2)").arg(before, filter)).toStdString();
        words << (!ofFlows ? tr("the packets that match, and the flows that they make")
                  : exact  ? tr("all packets of the flows of the filter, and the flows that they make by the "
                                 "reference's rules")
                  : flowsLeft_ && !narrowing.interval
                      ? tr("the %1 flows of the filter, with all their packets").arg(shownNumber(*flowsLeft_))
                      : tr("the flows of the filter"));
    }
    if (narrowing.interval) {
        seen.options = within(seen.options, *narrowing.interval);
        words << (narrowing.filter ? tr("made of the packets of the marked interval alone")
                                   : tr("the packets of the marked interval, and the flows that they make"));
    }
    seen.content.words = tr("What is seen: %1").arg(words.join(QStringLiteral(", ")));
    return seen;
}

// The flows are the exact engine's, whoever told those that are seen: it is asked the same filter.
MainWindow::Exportable MainWindow::seenOfFlows(const OutputFormat& format) const
{
    const auto narrowing = narrowing_->narrowing();
    auto seen = allOf(format);
    QStringList words;
    if (narrowing.filter) {
        seen.flows.filter = narrowing_->filterText().toStdString();
        auto parsed = parseFilter(seen.flows.filter, FilterSubject::Flows);
        if (const auto* const problem = std::get_if<FilterProblem>(&parsed)) {
            seen.content.refusal =
                tr("The filter chooses no flows of this file: %1").arg(filterProblemMessage(*problem));
        } else {
            seen.flows.flows = std::get<0>(std::move(parsed));
            const auto unknown =
                seen.flows.flows ? unknownOfExactFlows(*seen.flows.flows) : std::optional<FilterField>();
            if (unknown)
                seen.content.refusal =
                    tr("The filter asks for “%1”, which the reference's engine says of a flow. The exact "
                       "engine, whose flows these are, has no such field.")
                        .arg(QString::fromStdString(std::string(nameOf(*unknown))));
        }
        const bool counted =
            flowsLeft_ && !narrowing.interval && analysis_->capture()->options.flowsBy == FlowsBy::Exact;
        words << (counted ? tr("the %1 flows of the filter").arg(shownNumber(*flowsLeft_))
                          : tr("the flows of all protocols that the filter leaves"));
    }
    if (narrowing.interval) {
        seen.options = within(seen.options, *narrowing.interval);
        seen.content.readAgain = true;
        words << (narrowing.filter ? tr("made of the packets of the marked interval alone")
                                   : tr("the flows that the packets of the marked interval make"));
    }
    seen.content.words = tr("What is seen: %1").arg(words.join(QStringLiteral(", ")));
    return seen;
}

// What can be exported now, and the options that say it: what is seen comes first.
QList<MainWindow::Exportable> MainWindow::exportable(const OutputFormat& format) const
{
    if (!isFresh() || narrowing_->narrowing().everything())
        return {allOf(format)};
    return {format.isFolder() ? seenOfDataset(format) : seenOfFlows(format), allOf(format)};
}

void MainWindow::chooseExport()
{
    QSettings settings;
    const QDir parent(settings.value(exportParentKey, QDir::homePath()).toString());
    QList<QList<Exportable>> choices;
    QList<ExportDialog::Offer> offers;
    qsizetype latest = 0;
    for (const auto& format : outputFormats()) {
        if (settings.value(exportFormatKey).toString() == idOf(format))
            latest = offers.size();
        choices << exportable(format);
        auto name =
            QString::fromStdString(pathText(choices.back().front().options.inputs.front().filename()));
        name = name.section(QLatin1Char('.'), 0, 0);
        ExportDialog::Offer offer{.format = &format,
                                  .contents = {},
                                  .place =
                                      QDir::toNativeSeparators(parent.filePath(name + formatEnding(format)))};
        for (const auto& choice : choices.back())
            offer.contents << choice.content;
        offers << offer;
    }
    ExportDialog dialog(offers, settings.value(exportCompactKey, false).toBool(), this);
    dialog.chooseFormat(latest);
    const auto chosen = [&]() -> const Exportable& { return choices[dialog.format()][dialog.content()]; };
    connect(&dialog, &ExportDialog::inspectionWanted, this, [&](const auto& target) {
        emit targetInspectionWanted(chosen().options, target, offers[dialog.format()].format);
    });
    exportDialog_ = &dialog;
    dialog.inspect();
    const int answer = dialog.exec();
    if (answer == ExportDialog::OnCluster) // when this one is gone
        QMetaObject::invokeMethod(this, &MainWindow::chooseCluster, Qt::QueuedConnection);
    if (answer != QDialog::Accepted)
        return;
    const OutputFormat& format = *offers[dialog.format()].format;
    settings.setValue(exportParentKey, QFileInfo(dialog.targetText()).absolutePath());
    settings.setValue(exportFormatKey, idOf(format));
    auto options = chosen().options;
    if (format.isFolder()) {
        settings.setValue(exportCompactKey, dialog.compact());
        options.style = dialog.compact() ? JsonStyle::Compact : JsonStyle::Indented;
        emit exportWanted(options, dialog.target());
    } else {
        auto question = chosen().flows;
        question.file = dialog.target();
        options.replaceAnything = dialog.replaces();
        emit flowExportWanted(options, question);
    }
}

void MainWindow::showTarget(const std::filesystem::path& target, const TargetFacts& facts)
{
    if (exportDialog_)
        exportDialog_->showTarget(target, facts);
}

void MainWindow::copyCommand(const QString& line)
{
    if (line.isEmpty()) {
        messages_->show(MessageBar::Tone::Warning,
                        tr("The files are read in different ways, which one command cannot say. Nothing was "
                           "copied."));
        return;
    }
    QApplication::clipboard()->setText(line);
}

} // namespace packetloom
