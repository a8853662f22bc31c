// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// How the pages of the main window follow what narrows them.

#include "ui/charts/timeline_chart.h"
#include "ui/filter_messages.h"
#include "ui/main_window.h"
#include "ui/messages.h"
#include "ui/panels/addresses_panel.h"
#include "ui/panels/distributions_panel.h"
#include "ui/panels/flags_panel.h"
#include "ui/panels/flows_panel.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/options_panel.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/packets_panel.h"
#include "ui/panels/rows_panel.h"
#include "ui/views/flow_view.h"

#include <QScreen>
#include <QTabWidget>
#include <algorithm>

namespace packetloom {

// What is not counted yet shows nothing: the numbers of before would be untrue.
void MainWindow::narrow()
{
    const auto narrowing = narrowing_->narrowing();
    narrowed_.reset();
    flowsLeft_.reset();
    overview_->setBrush(narrowing_->interval());
    // The timeline shows all, the interval as a mark, and what the filter leaves in front of it.
    overview_->timeline()->setLayer(
        narrowing.filter
            ? std::optional(TimelineChart::Layer{narrowing_->filterText(), {.filter = narrowing.filter}})
            : std::nullopt);
    flows_->setNarrowing(narrowing);
    groups_->setNarrowing(narrowing);
    distributions_->setNarrowing(narrowing);
    packets_->setNarrowing(narrowing);
    if (narrowing.everything() || !analysis_) {
        overview_->setNarrowed(OverviewPanel::Narrowed::No, nullptr);
        showTables(analysis_);
    } else {
        overview_->setNarrowed(OverviewPanel::Narrowed::Counting, nullptr);
        emit narrowedWanted(analysis_, narrowing);
    }
    showCount();
    emit stateChanged();
}

void MainWindow::showNarrowed(const std::shared_ptr<const Analysis>& whole,
                              const Result<std::shared_ptr<const NarrowedPackets>>& narrowed)
{
    if (whole != analysis_ || narrowing_->narrowing().everything())
        return;
    if (!narrowed) {
        showError(narrowed.error());
        return;
    }
    narrowed_ = *narrowed;
    overview_->setNarrowed(OverviewPanel::Narrowed::Yes, narrowed_);
    showTables(narrowed_);
    showCount();
}

void MainWindow::showCount()
{
    if (!analysis_ || narrowing_->narrowing().everything())
        return narrowing_->setCount({});
    QStringList parts;
    if (flowsLeft_)
        parts << tr("%1 of %2 flows").arg(shownNumber(*flowsLeft_), shownNumber(analysis_->flows.size()));
    if (narrowed_)
        parts << tr("%1 of %2 packets")
                     .arg(shownNumber(narrowed_->packetCount), shownNumber(analysis_->packets()));
    narrowing_->setCount(parts.isEmpty() ? tr("counting…") : parts.join(QStringLiteral(", ")));
}

void MainWindow::showFlowsOf(const QString& filter)
{
    narrowing_->addFilter(filter);
    tabs_->setCurrentWidget(flows_);
}

void MainWindow::goToFlow(std::size_t flow)
{
    if (!flows_->shows(flow))
        narrowing_->clear();
    flows_->goToFlow(flow);
    tabs_->setCurrentWidget(flows_);
}

// Beside what is chosen in the table; it goes when its analysis goes.
void MainWindow::openFlowWindow(std::size_t flow)
{
    if (!analysis_)
        return;
    auto* const view = new FlowView(this);
    view->setWindowFlag(Qt::Window);
    view->setContentsMargins(6, 6, 6, 6);
    view->setAttribute(Qt::WA_DeleteOnClose);
    view->resize(QSize(960, 640).boundedTo(screen()->availableSize() - QSize(16, 48)));
    flowWindows_.removeIf([](const QPointer<FlowView>& window) { return !window; });
    flowWindows_ << view;
    emit flowWindowOpened(view);
    view->setAnalysis(analysis_);
    view->setViewState(flow_->viewState());
    view->setFlow(flow);
    view->show();
}

// What the analysis left out is not on any page: that is always to be seen.
void MainWindow::showAsAnalyzed()
{
    const auto* const capture = analysis_ ? analysis_->capture() : nullptr;
    auto words = capture ? captureFilterWords(capture->options) : QString();
    if (capture && capture->partial)
        words = words.isEmpty() ? tr("only what came before the stop")
                                : tr("%1; only what came before the stop").arg(words);
    narrowing_->setAsAnalyzed(words);
}

void MainWindow::takeCaptureFilter(const QString& filter,
                                   const std::optional<std::pair<qint64, qint64>>& interval)
{
    if (!filter.isEmpty())
        filters_->addFilter(captureFilterOf(filter));
    if (interval)
        filters_->setTimeWindow(interval->first, interval->second);
}

void MainWindow::showTables(const std::shared_ptr<const CountedPackets>& analysis)
{
    addresses_->setAnalysis(analysis);
    flags_->setAnalysis(analysis);
    rows_->setInterval(analysis);
}

} // namespace packetloom
