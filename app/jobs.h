// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/look_up.h"
#include "app/packet_lookups.h"
#include "app/progress_board.h"
#include "core/analysis/address_query.h"
#include "core/analysis/analysis.h"
#include "core/analysis/dataset_check.h"
#include "core/analysis/distribution_query.h"
#include "core/analysis/engine_comparison.h"
#include "core/analysis/flow_query.h"
#include "core/analysis/group_query.h"
#include "core/analysis/narrowed_packets.h"
#include "core/analysis/timeline_query.h"
#include "core/input/inspect.h"
#include "core/output/conversion_summary.h"
#include "core/output/flow_export.h"
#include "core/output/inspect_target.h"
#include "core/run/options.h"
#include "core/shard/job.h"
#include "core/shard/plan.h"
#include "core/support/stop_event.h"

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace packetloom {

using AnalysisPtr = std::shared_ptr<const Analysis>;
using CountedPtr = std::shared_ptr<const CountedPackets>;
using GroupTablePtr = std::shared_ptr<const GroupTable>;
using DistributionPtr = std::shared_ptr<const Distribution>;
using JobPtr = std::shared_ptr<const Job>;
using NarrowedPtr = std::shared_ptr<const NarrowedPackets>;

/// The bridge from the event loop to the engine: starts work on threads of its own and reports in signals, in
/// the thread that it lives in. One job (analysis or export) at a time; look-ups (inspecting a file, a flow's
/// packets, choosing flows) run beside it. Whatever goes wrong with an answer, also an exception, is the
/// answer. The destructor cancels and waits.
class Jobs final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Jobs)

public:
    enum class Kind : std::uint8_t { None, Analysis, Opening, Export, Planning };

    explicit Jobs(QObject* parent = nullptr);
    ~Jobs() override;

    /// What is under way.
    [[nodiscard]] Kind running() const { return running_; }
    /// Questions about packets.
    [[nodiscard]] PacketLookups& packets() { return packets_; }

    /// Only when nothing is running.
    void analyze(const Options& options);
    /// A converted folder; ends as an analysis does. Only when nothing is running.
    void openDataset(const std::filesystem::path& folder);
    /// The same of a table of flows.
    void openFlowTable(const std::filesystem::path& file);
    /// From the spool where the analysis was made of the same capture (sameCapture()), else from the inputs.
    /// `analysis` may be null.
    void exportDataset(const AnalysisPtr& analysis, const Options& options,
                       const std::filesystem::path& folder);
    /// A file of the exact engine's flows; in the same way (holdsPacketsOf()).
    void exportFlows(const AnalysisPtr& analysis, const Options& options, const FlowExportQuestion& question);
    /// Cuts a conversion into the tasks of a cluster's job; see packetloom::planJob().
    void planJob(const JobPlan& plan);
    /// Makes the dataset or the file of a job whose tasks are done; ends as an export of one does. `replace`:
    /// a file that is there.
    void finishJob(const JobPtr& job, const std::filesystem::path& place, bool replace);
    /// The running job ends soon, with cancelled(); or with what it came to, where that was there already.
    void cancel();
    /// An analysis that runs ends soon with what has been read (CaptureAnalysis::partial); when asked again,
    /// and of any other job, as cancel().
    void endEarly();

    void inspect(const InputSpec& spec);
    /// What inputs have against each other and against their IP maps; a later call replaces an earlier one.
    void compareInputs(const KnownInputs& inputs);
    /// Whether an output of these options may go there; a later call replaces an earlier one.
    void inspectTarget(const Options& options, const std::filesystem::path& target,
                       const OutputFormat* format);
    /// Of each of these, a later call replaces an earlier one that is not done.
    void selectFlows(const AnalysisPtr& analysis, const FlowQuery& query);
    void selectAddresses(const CountedPtr& analysis, const AddressQuery& query);
    void selectPairs(const CountedPtr& analysis, const PairQuery& query);
    /// See packetloom::compareEngines(); null abandons what was asked.
    void compareEngines(const AnalysisPtr& analysis);
    /// See answerGroups().
    void groupBy(const AnalysisPtr& analysis, const GroupQuery& query, const GroupOrder& order,
                 const GroupTablePtr& known);
    void narrow(const AnalysisPtr& analysis, const Narrowing& narrowing);
    /// Of an opened dataset, in the background; a later call replaces an earlier one.
    void checkDataset(const AnalysisPtr& dataset);
    /// For charts, which keep no table waiting. A narrowed question and one of the whole are two questions.
    void findStretches(const AnalysisPtr& analysis);
    void readTimeline(const AnalysisPtr& analysis, const TimelineQuery& query);
    void distribute(const AnalysisPtr& analysis, const DistributionQuery& query);

signals:
    /// About ten times a second while a job runs.
    void progressed(const packetloom::LiveProgress& progress);
    void analyzed(const packetloom::AnalysisPtr& analysis);
    void exported(const packetloom::ConversionSummary& summary);
    void flowsExported(const packetloom::FlowExportSummary& summary);
    void planned(const packetloom::JobPtr& job);
    void failed(packetloom::Jobs::Kind kind, const packetloom::Error& error);
    void cancelled(packetloom::Jobs::Kind kind);

    void inspected(const packetloom::InputSpec& spec,
                   const packetloom::Result<packetloom::CaptureFacts>& facts);
    void compared(const std::filesystem::path& path, const std::vector<packetloom::InputProblem>& problems);
    void targetInspected(const std::filesystem::path& target, const packetloom::TargetFacts& facts);
    void flowsSelected(const packetloom::AnalysisPtr& analysis,
                       const packetloom::Result<std::vector<std::uint32_t>>& flows);
    void addressesSelected(const packetloom::CountedPtr& analysis,
                           const packetloom::Result<std::vector<std::uint32_t>>& rows);
    void pairsSelected(const packetloom::CountedPtr& analysis,
                       const packetloom::Result<std::vector<std::uint32_t>>& rows);
    void enginesCompared(const packetloom::AnalysisPtr& analysis,
                         const packetloom::Result<packetloom::ComparedEngines>& compared);
    void grouped(const packetloom::AnalysisPtr& analysis,
                 const packetloom::Result<packetloom::GroupAnswer>& groups);
    void narrowed(const packetloom::AnalysisPtr& analysis,
                  const packetloom::Result<packetloom::NarrowedPtr>& counted);
    void datasetChecked(const packetloom::AnalysisPtr& dataset,
                        const packetloom::Result<packetloom::DatasetDamage>& damage);
    void stretchesFound(const packetloom::AnalysisPtr& analysis,
                        const packetloom::Result<std::vector<packetloom::TimeRange>>& stretches);
    void timelineRead(const packetloom::AnalysisPtr& analysis, const packetloom::TimelineQuery& query,
                      const packetloom::Result<packetloom::TimelineBins>& bins);
    void distributed(const packetloom::AnalysisPtr& analysis,
                     const packetloom::Result<packetloom::DistributionPtr>& distribution);

private:
    /// What a job came to. Not a result of its future, which drops what comes after a cancel: a dataset that
    /// is there all the same must be told of.
    template <class Value>
    struct Outcome
    {
        QFutureWatcher<void> watcher;
        std::shared_ptr<std::optional<Result<Value>>>
            result; ///< the worker's until the watcher says finished
    };

    /// askOn() the thread for look-ups, or another.
    template <class Work, class Tell>
    void ask(Work work, Tell tell, QThreadPool* pool = nullptr);
    /// lookUpOn() the same.
    template <class Work, class Tell>
    void lookUp(LookUp& latest, Work work, Tell tell, QThreadPool* pool = nullptr);
    void runAnalysis(Kind kind, std::function<Result<AnalysisPtr>(const Heartbeat&, const StopEvent&)> work);
    void poll();
    template <class Value, class Report>
    void finished(Outcome<Value>& outcome, const Report& report);
    template <class Value, class Work>
    void start(Kind kind, Outcome<Value>& outcome, Work work);

    QThreadPool workers_; ///< one thread: the job
    QThreadPool lookups_; ///< one thread: short questions
    QThreadPool charts_;  ///< one thread: what charts ask
    QThreadPool engines_; ///< one thread: comparing them takes long
    QThreadPool checks_;  ///< one thread: what nobody waits for
    PacketLookups packets_;
    Outcome<AnalysisPtr> analysis_;
    Outcome<ConversionSummary> export_;
    Outcome<FlowExportSummary> flowExport_;
    Outcome<JobPtr> plan_;
    std::shared_ptr<ProgressBoard> board_;
    std::shared_ptr<StopEvent> stop_; ///< of the job that runs
    LookUp enough_;                   ///< of an analysis that runs
    StopEvent lookupsStop_;           ///< of all of them, at the end
    QTimer poll_;
    Kind running_ = Kind::None;
    LookUp flowLookUp_, addressLookUp_, pairLookUp_, narrowLookUp_, targetLookUp_, compareLookUp_;
    LookUp stretchesLookUp_, timelineLookUp_, layerLookUp_, groupLookUp_, checkLookUp_, enginesLookUp_,
        distributionLookUp_;
};

} // namespace packetloom
