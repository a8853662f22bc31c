// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/session.h"

#include "app/flow_captures.h"
#include "app/flow_lookups.h"
#include "core/support/path_text.h"
#include "ui/main_window.h"
#include "ui/messages.h"
#include "ui/panels/distributions_panel.h"
#include "ui/panels/packets_panel.h"
#include "ui/views/flow_view.h"

#include <QFileOpenEvent>
#include <QSaveFile>
#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds keepingRest{500};

/// Shows the rows that a query found, or why it failed.
template <auto show>
auto rowsInto(MainWindow& window)
{
    return [&window](const auto& analysis, const Result<std::vector<std::uint32_t>>& rows) {
        if (rows)
            (window.*show)(analysis, *rows);
        else
            window.showError(rows.error());
    };
}

} // namespace

Session::Session(MainWindow& window, QObject* parent) : QObject(parent), window_(window)
{
    connect(&window, &MainWindow::analysisWanted, this, &Session::analyze);
    connect(&window, &MainWindow::exportWanted, this, &Session::exportDataset);
    connect(&window, &MainWindow::flowExportWanted, this, &Session::exportFlows);
    connect(&window, &MainWindow::openWanted, this, &Session::open);
    connect(&window, &MainWindow::sessionSaveWanted, this, &Session::saveSession);
    connect(&window, &MainWindow::addressListWanted, this, &Session::loadAddresses);
    connect(&window, &MainWindow::elsewhereAgreed, this, [this] {
        if (const auto open = std::exchange(waiting_, nullptr))
            open();
    });
    connect(&window, &MainWindow::elsewhereRefused, this, [this] { waiting_ = nullptr; });
    connect(&window, &MainWindow::cancelWanted, this, &Session::cancel);
    connect(&window, &MainWindow::inspectionWanted, &jobs_, &Jobs::inspect);
    connect(&window, &MainWindow::comparisonWanted, &jobs_, &Jobs::compareInputs);
    connect(&window, &MainWindow::targetInspectionWanted, &jobs_, &Jobs::inspectTarget);
    connect(&window, &MainWindow::flowsWanted, &jobs_, &Jobs::selectFlows);
    connect(&window, &MainWindow::addressesWanted, &jobs_, &Jobs::selectAddresses);
    connect(&window, &MainWindow::pairsWanted, &jobs_, &Jobs::selectPairs);
    connect(&window, &MainWindow::enginesWanted, &jobs_, &Jobs::compareEngines);
    connect(&window, &MainWindow::groupsWanted, &jobs_, &Jobs::groupBy);
    connect(&window, &MainWindow::narrowedWanted, &jobs_, &Jobs::narrow);
    connect(&window, &MainWindow::stretchesWanted, &jobs_, &Jobs::findStretches);
    connect(&window, &MainWindow::timelineWanted, &jobs_, &Jobs::readTimeline);

    connectCluster();
    serve(window.flowDetail());
    connect(&window, &MainWindow::flowWindowOpened, this, [this](FlowView* view) { serve(*view); });

    DistributionsPanel& distributions = window.distributions();
    connect(&distributions, &DistributionsPanel::distributionWanted, &jobs_, &Jobs::distribute);
    connect(&jobs_, &Jobs::distributed, &distributions, &DistributionsPanel::setDistribution);

    PacketLookups& lookups = jobs_.packets();
    PacketsPanel& packets = window.packets();
    connect(&packets, &PacketsPanel::rowsWanted, &lookups, &PacketLookups::select);
    connect(&packets, &PacketsPanel::pageWanted, &lookups, &PacketLookups::readPage);
    connect(&packets, &PacketsPanel::flowsWanted, &lookups, &PacketLookups::findFlows);
    connect(&packets, &PacketsPanel::placeWanted, &lookups, &PacketLookups::findPlace);
    connect(&packets, &PacketsPanel::analysisLeft, &lookups, &PacketLookups::abandon);
    connect(&lookups, &PacketLookups::selected, &packets, &PacketsPanel::setRows);
    connect(&lookups, &PacketLookups::pageRead, &packets, &PacketsPanel::setPage);
    connect(&lookups, &PacketLookups::flowsFound, &packets, &PacketsPanel::setFlows);
    connect(&lookups, &PacketLookups::placeFound, &packets, &PacketsPanel::setPlace);

    connect(&jobs_, &Jobs::progressed, this, &Session::showProgress);
    connect(&jobs_, &Jobs::analyzed, this, [this](const AnalysisPtr& analysis) {
        analysis_ = analysis;
        opening_.clear();
        window_.jobEnded();
        window_.showAnalysis(analysis);
        if (analysis->dataset())
            jobs_.checkDataset(analysis);
    });
    connect(&jobs_, &Jobs::exported, this, [this](const ConversionSummary& summary) {
        window_.jobEnded();
        window_.showSummary(summary, exported_);
    });
    connect(&jobs_, &Jobs::flowsExported, this, [this](const FlowExportSummary& summary) {
        window_.jobEnded();
        window_.showFlowSummary(summary, exported_, asked_);
    });
    connect(&jobs_, &Jobs::failed, this, [this](Jobs::Kind, const Error& error) {
        opening_.clear();
        window_.jobEnded();
        window_.showError(error);
    });
    connect(&jobs_, &Jobs::cancelled, this, [this](Jobs::Kind) {
        opening_.clear();
        window_.jobEnded();
        window_.showCancelled();
    });
    connect(&jobs_, &Jobs::inspected, &window, &MainWindow::setFacts);
    connect(&jobs_, &Jobs::compared, &window, &MainWindow::setTogether);
    connect(&jobs_, &Jobs::targetInspected, &window, &MainWindow::showTarget);
    connect(&jobs_, &Jobs::flowsSelected, this, rowsInto<&MainWindow::showSelectedFlows>(window_));
    connect(&jobs_, &Jobs::addressesSelected, this, rowsInto<&MainWindow::showSelectedAddresses>(window_));
    connect(&jobs_, &Jobs::pairsSelected, this, rowsInto<&MainWindow::showSelectedPairs>(window_));
    connect(&jobs_, &Jobs::enginesCompared, &window, &MainWindow::showEngines);
    connect(&jobs_, &Jobs::grouped, &window, &MainWindow::showGroups);
    connect(&jobs_, &Jobs::datasetChecked, &window, &MainWindow::showDamage);
    connect(&jobs_, &Jobs::narrowed, &window, &MainWindow::showNarrowed);
    connect(&jobs_, &Jobs::stretchesFound, &window, &MainWindow::showStretches);
    connect(&jobs_, &Jobs::timelineRead, &window, &MainWindow::showTimeline);
}

// Each view of a flow has questions of its own, which go when it goes.
void Session::serve(FlowView& view)
{
    auto* const lookups = new FlowLookups(&view);
    connect(&view, &FlowView::traceWanted, lookups, &FlowLookups::trace);
    connect(&view, &FlowView::traceLeft, lookups, &FlowLookups::abandon);
    connect(lookups, &FlowLookups::progressed, &view, &FlowView::setProgress);
    connect(lookups, &FlowLookups::traced, &view, &FlowView::setTrace);
    auto* const captures = new FlowCaptures(&view);
    connect(&view, &FlowView::captureWanted, captures, &FlowCaptures::write);
    connect(&view, &FlowView::captureLeft, captures, &FlowCaptures::cancel);
    connect(captures, &FlowCaptures::progressed, &view, &FlowView::setCaptureProgress);
    connect(captures, &FlowCaptures::written, &view, &FlowView::showCapture);
    connect(captures, &FlowCaptures::failed, &view, &FlowView::showCaptureProblem);
}

void Session::analyze(const Options& options)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    // The one before stays until the next is there, but for a large one: two would take twice the memory.
    if (analysis_ && memoryOf(*analysis_) > mostKept_) {
        analysis_.reset();
        window_.showAnalysis(nullptr);
    }
    window_.jobStarted(tr("Analyzing"),
                       tr("The captures are being analyzed. What has been read so far will be lost."));
    jobs_.analyze(options);
}

void Session::exportDataset(const Options& options, const std::filesystem::path& folder)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    exported_ = options;
    window_.jobStarted(
        tr("Exporting"),
        tr("A dataset is being exported to %1. That folder will stay as it was.").arg(shownPath(folder)));
    jobs_.exportDataset(analysis_, options, folder);
}

void Session::exportFlows(const Options& options, const FlowExportQuestion& question)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    exported_ = options;
    asked_ = question;
    window_.jobStarted(tr("Exporting"),
                       tr("Flows are being exported to %1. What is there will stay as it was.")
                           .arg(shownPath(question.file)));
    jobs_.exportFlows(analysis_, options, question);
}

bool Session::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::FileOpen)
        return QObject::eventFilter(watched, event);
    open({pathFromText(static_cast<QFileOpenEvent*>(event)->file().toStdString())});
    return true;
}

void Session::saveSession(const std::filesystem::path& path)
{
    QSaveFile file(QString::fromStdString(pathText(path)));
    const auto json = sessionToJson(current(), path.parent_path());
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit()) {
        window_.showError({.code = Errc::Write, .detail = file.errorString().toStdString(), .file = path});
        return;
    }
    MainWindow::rememberOpened(path);
    window_.showNote(tr("The session is saved in %1.").arg(shownPath(path)));
}

SessionFile Session::current() const
{
    return {.dataset = opening_.empty() ? window_.dataset() : opening_,
            .options = window_.options(),
            .view = window_.viewState()};
}

void Session::keepIn(const std::filesystem::path& folder)
{
    recovery_ = std::make_unique<SessionRecovery>(folder);
    changed_.setSingleShot(true);
    changed_.setInterval(keepingRest);
    connect(&changed_, &QTimer::timeout, this, [this] { recovery_->save(current()); });
    connect(&window_, &MainWindow::stateChanged, &changed_, [this] {
        if (!changed_.isActive()) // who never rests is kept too
            changed_.start();
    });
    connect(&window_, &MainWindow::recoveryWanted, this, &Session::openLeft);
    connect(&window_, &MainWindow::recoveryDiscarded, this, &Session::discardLeft);
    changed_.start();
    offerLeft();
}

void Session::endedFromOutside()
{
    if (recovery_) {
        recovery_->save(current());
        recovery_->keepAtEnd();
    }
}

void Session::offerLeft()
{
    left_ = recovery_->findLeft();
    if (left_)
        window_.offerRecovery();
}

// It starts no analysis: that may be what ended so badly.
void Session::openLeft()
{
    if (!left_ || jobs_.running() != Jobs::Kind::None)
        return;
    const auto session = *std::exchange(left_, std::nullopt);
    analysis_.reset();
    window_.showAnalysis(nullptr);
    window_.setOptions(session.options);
    window_.setViewState(session.view);
    if (!session.dataset.empty())
        openToLook(session.dataset);
    else
        window_.showNote(
            tr("Captures, filters, options and view are those of last time. Analyze to see them."));
    recovery_->replaceLeft(current());
}

void Session::discardLeft()
{
    left_.reset();
    recovery_->discardLeft();
    offerLeft(); // there may have been more than one crash
}

// A part is better than nothing, but not than a whole that is there.
void Session::cancel()
{
    if (analysis_)
        jobs_.cancel();
    else
        jobs_.endEarly();
}

void Session::showProgress(const LiveProgress& progress)
{
    window_.showProgress(progress.counters, progress.seconds, progress.tally, progress.timeline.get(),
                         progress.firstFlows);
}

} // namespace packetloom
