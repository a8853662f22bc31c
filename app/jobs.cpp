// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/jobs.h"

#include "core/analysis/analyze.h"
#include "core/analysis/open_dataset.h"
#include "core/analysis/open_flow_table.h"
#include "core/input/input_problem.h"
#include "core/input/ip_maps.h"
#include "core/output/convert.h"
#include "core/output/export.h"
#include "core/run/option_table.h"
#include "core/shard/exact/line_finish.h"
#include "core/shard/finish.h"
#include "core/support/guard.h"

#include <QPromise>
#include <QThread>
#include <QtConcurrentRun>
#include <algorithm>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds pollInterval{100};
constexpr int permille = 1000;

using Rows = Result<std::vector<std::uint32_t>>;

/// Tells the board, and the promise in permille; asks it whether to go on.
Heartbeat heartbeatOf(QPromise<void>& promise, ProgressBoard& board)
{
    return [&promise, &board](const Progress& progress) {
        board.post(progress);
        if (progress.bytesTotal > 0) {
            const double done =
                static_cast<double>(progress.bytesDone) / static_cast<double>(progress.bytesTotal);
            promise.setProgressValue(static_cast<int>(done * permille));
        }
        return !promise.isCanceled();
    };
}

template <class Made>
Result<AnalysisPtr> asAnalysis(Result<std::shared_ptr<const Made>> made)
{
    return made ? Result<AnalysisPtr>(*std::move(made)) : std::move(made).error();
}

Result<JobPtr> shared(Result<Job> job)
{
    return job ? Result<JobPtr>(std::make_shared<Job>(*std::move(job))) : std::move(job).error();
}

} // namespace

Jobs::Jobs(QObject* parent) : QObject(parent)
{
    workers_.setMaxThreadCount(1);
    lookups_.setMaxThreadCount(1);
    charts_.setMaxThreadCount(1);
    engines_.setMaxThreadCount(1);
    checks_.setMaxThreadCount(1);
    checks_.setThreadPriority(QThread::LowPriority);
    poll_.setInterval(pollInterval);
    connect(&poll_, &QTimer::timeout, this, &Jobs::poll);
    connect(&analysis_.watcher, &QFutureWatcherBase::finished, this, [this] {
        finished(analysis_, [this](const AnalysisPtr& analysis) { emit analyzed(analysis); });
    });
    connect(&export_.watcher, &QFutureWatcherBase::finished, this, [this] {
        finished(export_, [this](const ConversionSummary& summary) { emit exported(summary); });
    });
    connect(&flowExport_.watcher, &QFutureWatcherBase::finished, this, [this] {
        finished(flowExport_, [this](const FlowExportSummary& summary) { emit flowsExported(summary); });
    });
    connect(&plan_.watcher, &QFutureWatcherBase::finished, this,
            [this] { finished(plan_, [this](const JobPtr& job) { emit planned(job); }); });
}

Jobs::~Jobs()
{
    cancel();
    for (const auto& question : {flowLookUp_, addressLookUp_, pairLookUp_, narrowLookUp_, targetLookUp_,
                                 compareLookUp_, stretchesLookUp_, timelineLookUp_, layerLookUp_,
                                 groupLookUp_, checkLookUp_, enginesLookUp_, distributionLookUp_}) {
        if (question)
            *question = true;
    }
    lookupsStop_.request();
    workers_.waitForDone();
    for (auto* const pool : {&lookups_, &charts_, &checks_, &engines_}) {
        pool->clear();
        pool->waitForDone();
    }
}

void Jobs::analyze(const Options& options)
{
    enough_ = std::make_shared<std::atomic<bool>>(false);
    runAnalysis(Kind::Analysis,
                [options, enough = enough_](const Heartbeat& heartbeat,
                                            const StopEvent& stop) -> Result<AnalysisPtr> {
                    return asAnalysis(packetloom::analyze(options, heartbeat, Depth::Flows,
                                                          {.stop = &stop, .enough = enough.get()}));
                });
}

void Jobs::openDataset(const std::filesystem::path& folder)
{
    runAnalysis(Kind::Opening, [folder](const Heartbeat& heartbeat, const StopEvent&) -> Result<AnalysisPtr> {
        return asAnalysis(packetloom::openDataset(folder, heartbeat));
    });
}

void Jobs::openFlowTable(const std::filesystem::path& file)
{
    runAnalysis(Kind::Opening,
                [file](const Heartbeat& heartbeat, const StopEvent& stop) -> Result<AnalysisPtr> {
                    return asAnalysis(packetloom::openFlowTable(file, heartbeat, 0, &stop));
                });
}

void Jobs::runAnalysis(Kind kind, std::function<Result<AnalysisPtr>(const Heartbeat&, const StopEvent&)> work)
{
    start(kind, analysis_, std::move(work));
}

void Jobs::exportDataset(const AnalysisPtr& analysis, const Options& options,
                         const std::filesystem::path& folder)
{
    start(Kind::Export, export_,
          [analysis, options, folder](const Heartbeat& heartbeat, const StopEvent& stop) {
              const CaptureAnalysis* const capture = analysis ? analysis->capture() : nullptr;
              return capture && !capture->partial && sameCapture(capture->options, options)
                         ? packetloom::exportDataset(*capture, options, folder, heartbeat)
                         : packetloom::convert(options, folder, heartbeat, &stop);
          });
}

void Jobs::exportFlows(const AnalysisPtr& analysis, const Options& options,
                       const FlowExportQuestion& question)
{
    start(Kind::Export, flowExport_,
          [analysis, options, question](const Heartbeat& heartbeat, const StopEvent& stop) {
              const auto wanted = flowExportOf(question, options);
              const CaptureAnalysis* const capture = analysis ? analysis->capture() : nullptr;
              return capture && holdsPacketsOf(*capture, options)
                         ? packetloom::exportFlows(*capture, options, wanted, heartbeat, &stop)
                         : packetloom::exportFlows(options, wanted, heartbeat, &stop);
          });
}

void Jobs::planJob(const JobPlan& plan)
{
    start(Kind::Planning, plan_, [plan](const Heartbeat& heartbeat, const StopEvent& stop) -> Result<JobPtr> {
        return shared(packetloom::planJob(plan, {.heartbeat = heartbeat, .stop = &stop}));
    });
}

void Jobs::finishJob(const JobPtr& job, const std::filesystem::path& place, bool replace)
{
    if (job->output.format->isFolder())
        start(Kind::Export, export_, [job, place](const Heartbeat& heartbeat, const StopEvent& stop) {
            return packetloom::finishJob(*job, place, {.heartbeat = heartbeat, .stop = &stop});
        });
    else
        start(Kind::Export, flowExport_,
              [job, place, replace](const Heartbeat& heartbeat, const StopEvent& stop) {
                  return finishLines(*job, {.file = place, .replace = replace},
                                     {.heartbeat = heartbeat, .stop = &stop});
              });
}

void Jobs::endEarly()
{
    if (running_ != Kind::Analysis || enough_->exchange(true))
        return cancel();
    stop_->request();
}

void Jobs::cancel()
{
    analysis_.watcher.cancel();
    export_.watcher.cancel();
    flowExport_.watcher.cancel();
    plan_.watcher.cancel();
    if (stop_)
        stop_->request(); // the heartbeat is not asked while an input keeps it waiting
}

template <class Value, class Work>
void Jobs::start(Kind kind, Outcome<Value>& outcome, Work work)
{
    Q_ASSERT(running_ == Kind::None);
    running_ = kind;
    board_ = std::make_shared<ProgressBoard>();
    stop_ = std::make_shared<StopEvent>();
    poll_.start();
    outcome.result = std::make_shared<std::optional<Result<Value>>>();
    outcome.watcher.setFuture(
        QtConcurrent::run(&workers_, [work = std::move(work), board = board_, stop = stop_,
                                      result = outcome.result](QPromise<void>& promise) {
            result->emplace(guarded([&] {
                promise.setProgressRange(0, permille);
                return work(heartbeatOf(promise, *board), *stop);
            }));
        }));
}

void Jobs::poll()
{
    if (board_)
        emit progressed(board_->latest());
}

template <class Value, class Report>
void Jobs::finished(Outcome<Value>& outcome, const Report& report)
{
    poll_.stop();
    stop_.reset();
    const Kind kind = std::exchange(running_, Kind::None);
    const auto result =
        std::exchange(outcome.result, nullptr); // nothing of it is kept when the next one runs
    if (!*result || (!(*result)->has_value() && (*result)->error().code == Errc::Cancelled))
        emit cancelled(kind); // before it began, or while it worked
    else if (!**result)
        emit failed(kind, (*result)->error());
    else
        report((*result)->value());
}

template <class Work, class Tell>
void Jobs::ask(Work work, Tell tell, QThreadPool* pool)
{
    askOn(pool ? *pool : lookups_, this, std::move(work), std::move(tell));
}

void Jobs::inspect(const InputSpec& spec)
{
    ask([this, spec] { return inspectCapture(spec, &lookupsStop_); },
        [this, spec](const Result<CaptureFacts>& facts) { emit inspected(spec, facts); });
}

void Jobs::compareInputs(const KnownInputs& inputs)
{
    using Problems = std::vector<std::vector<InputProblem>>;
    lookUp(
        compareLookUp_,
        [this, inputs](StopFlag stop) -> Result<Problems> {
            std::vector<InspectedInput> known;
            for (const auto& input : inputs)
                known.push_back({input.file, input.facts.get()});
            auto problems = problemsBetween(known);
            IpMaps maps;
            for (std::size_t i = 0; i < inputs.size(); ++i) {
                if (!inputs[i].facts || inputs[i].facts->sampleIds.empty())
                    continue;
                const auto map = maps.of(
                    inputs[i].ipMap, [&](std::uint64_t) { return !stopped(stop); }, &lookupsStop_);
                if (!map)
                    continue; // the analysis says what is wrong with it
                for (auto& problem : mapProblems(*inputs[i].facts, inputs[i].ipMap.empty() ? nullptr : *map))
                    problems[i].push_back(std::move(problem));
            }
            return problems;
        },
        [this, inputs](const Result<Problems>& problems) {
            for (std::size_t i = 0; problems && i < inputs.size(); ++i)
                emit compared(inputs[i].file, (*problems)[i]);
        });
}

template <class Work, class Tell>
void Jobs::lookUp(LookUp& latest, Work work, Tell tell, QThreadPool* pool)
{
    lookUpOn(pool ? *pool : lookups_, this, latest, std::move(work), std::move(tell));
}

void Jobs::inspectTarget(const Options& options, const std::filesystem::path& target,
                         const OutputFormat* format)
{
    lookUp(
        targetLookUp_,
        [options, target, format](StopFlag) -> Result<TargetFacts> {
            return format->isFolder() ? packetloom::inspectTarget(options, target)
                                      : inspectTargetFile(options, target);
        },
        [this, target](const Result<TargetFacts>& facts) {
            emit targetInspected(target, facts ? *facts : TargetFacts{.state = facts.error()});
        });
}

void Jobs::selectFlows(const AnalysisPtr& analysis, const FlowQuery& query)
{
    lookUp(
        flowLookUp_,
        [analysis, query](StopFlag stop) -> Rows { return packetloom::selectFlows(*analysis, query, stop); },
        [this, analysis](const Rows& flows) { emit flowsSelected(analysis, flows); });
}

void Jobs::selectAddresses(const CountedPtr& analysis, const AddressQuery& query)
{
    lookUp(
        addressLookUp_,
        [analysis, query](StopFlag stop) -> Rows {
            return packetloom::selectAddresses(*analysis, query, stop);
        },
        [this, analysis](const Rows& rows) { emit addressesSelected(analysis, rows); });
}

void Jobs::selectPairs(const CountedPtr& analysis, const PairQuery& query)
{
    lookUp(
        pairLookUp_,
        [analysis, query](StopFlag stop) -> Rows { return packetloom::selectPairs(*analysis, query, stop); },
        [this, analysis](const Rows& rows) { emit pairsSelected(analysis, rows); });
}

void Jobs::compareEngines(const AnalysisPtr& analysis)
{
    if (!analysis) {
        if (enginesLookUp_)
            *enginesLookUp_ = true;
        return;
    }
    lookUp(
        enginesLookUp_, [analysis](StopFlag stop) { return packetloom::compareEngines(analysis, stop); },
        [this, analysis](const Result<ComparedEngines>& compared) {
            emit enginesCompared(analysis, compared);
        },
        &engines_);
}

void Jobs::groupBy(const AnalysisPtr& analysis, const GroupQuery& query, const GroupOrder& order,
                   const GroupTablePtr& known)
{
    lookUp(
        groupLookUp_,
        [analysis, query, order, known](StopFlag stop) {
            return answerGroups(*analysis, query, order, ~std::size_t{0}, known, stop);
        },
        [this, analysis](const Result<GroupAnswer>& groups) { emit grouped(analysis, groups); });
}

void Jobs::narrow(const AnalysisPtr& analysis, const Narrowing& narrowing)
{
    lookUp(
        narrowLookUp_,
        [analysis, narrowing](StopFlag stop) { return narrowPackets(*analysis, narrowing, stop); },
        [this, analysis](const Result<NarrowedPtr>& counted) { emit narrowed(analysis, counted); });
}

void Jobs::checkDataset(const AnalysisPtr& dataset)
{
    lookUp(
        checkLookUp_,
        [dataset](StopFlag stop) -> Result<DatasetDamage> {
            return checkChunkFiles(*dataset->dataset(), stop);
        },
        [this, dataset](const Result<DatasetDamage>& damage) { emit datasetChecked(dataset, damage); },
        &checks_);
}

void Jobs::findStretches(const AnalysisPtr& analysis)
{
    lookUp(
        stretchesLookUp_, [analysis](StopFlag stop) { return busyStretches(*analysis, stop); },
        [this, analysis](const Result<std::vector<TimeRange>>& stretches) {
            emit stretchesFound(analysis, stretches);
        },
        &charts_);
}

void Jobs::readTimeline(const AnalysisPtr& analysis, const TimelineQuery& query)
{
    lookUp(
        query.narrowing.everything() ? timelineLookUp_ : layerLookUp_,
        [analysis, query](StopFlag stop) { return packetloom::readTimeline(*analysis, query, stop); },
        [this, analysis, query](const Result<TimelineBins>& bins) {
            emit timelineRead(analysis, query, bins);
        },
        &charts_);
}

void Jobs::distribute(const AnalysisPtr& analysis, const DistributionQuery& query)
{
    lookUp(
        distributionLookUp_,
        [analysis, query](StopFlag stop) { return distributionOf(*analysis, query, stop); },
        [this, analysis](const Result<DistributionPtr>& distribution) {
            emit distributed(analysis, distribution);
        },
        &charts_);
}

} // namespace packetloom
