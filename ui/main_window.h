// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/address_query.h"
#include "core/analysis/analysis.h"
#include "core/analysis/dataset_check.h"
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
#include "core/run/progress.h"
#include "core/shard/outlook.h"
#include "core/shard/plan.h"

#include "ui/job_commands.h"
#include "ui/panels/export_dialog.h"

#include <QJsonObject>
#include <QMainWindow>
#include <QPointer>
#include <QVector>
#include <filesystem>
#include <memory>
#include <vector>

class QAction;
class QGroupBox;
class QFrame;
class QLabel;
class QMenu;
class QMessageBox;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace packetloom {

class AddressesPanel;
class CapturePanel;
class ClusterDialog;
class DatasetPanel;
class DistributionsPanel;
class FlagsPanel;
class FlowView;
class FlowsPanel;
class EnginesPanel;
class GroupsPanel;
class JobWindow;
class MessageBar;
class NarrowingBar;
class OptionsPanel;
class OverviewPanel;
class PacketsPanel;
class ProgressStrip;
class QualityPanel;
class ReadyPage;
class RowsPanel;
class StartPage;
struct RecentFile;

/// The window of the desktop program. It says in signals what the user wants and shows what it is given; it
/// starts no work itself.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);

    void addCaptures(const std::vector<std::filesystem::path>& paths);
    void setIpMap(const std::filesystem::path& path);
    /// Where the bundled sample is; without it there is no button for it.
    void setSample(const std::filesystem::path& capture, const std::filesystem::path& ipMap);
    /// What the commands of jobs name.
    void setJobPrograms(const JobPrograms& programs);
    /// What an analysis or export would be made with now.
    [[nodiscard]] Options options() const;
    /// Captures, IP map, filters and options, in place of those that are there.
    void setOptions(const Options& options);
    void setAddresses(const QString& list);
    /// As if the user had asked for it.
    void requestAnalysis();

    /// What is looked at and how, for a session file; whatever it does not know, or knows to be impossible,
    /// it passes over. It holds from the next analysis on; until then it is still what viewState() says.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);

    /// The folder of the dataset, or the file of the table of flows, that is shown; empty for none.
    [[nodiscard]] std::filesystem::path dataset() const;
    /// Puts it first among what was opened recently.
    static void rememberOpened(const std::filesystem::path& datasetOrSession);
    /// Asks whether to open what was open when the program did not end properly; beside other messages, and
    /// for as long as it is not answered.
    void offerRecovery();
    /// Asks, in the same way, whether a session or selection may look at files on other computers: the names
    /// are as they stand in it.
    void askElsewhere(const std::filesystem::path& document, const QStringList& files);

    void setFacts(const InputSpec& spec, const Result<CaptureFacts>& facts);
    /// What a capture has against the others and the IP map.
    void setTogether(const std::filesystem::path& path, const std::vector<InputProblem>& problems);
    /// What is known of a place that the export dialog asked about.
    void showTarget(const std::filesystem::path& target, const TargetFacts& facts);
    /// What is known of a place that the dialog of jobs asked about.
    void showJobOutlook(const std::filesystem::path& folder, const JobOutlook& outlook);
    /// In a window of its own, which follows it.
    void showJob(const std::shared_ptr<const Job>& job);
    /// `whenClosing` says what is under way, and what is lost with it, to who closes the window.
    void jobStarted(const QString& what, const QString& whenClosing);
    void showProgress(const Progress& progress, double seconds, const FlowTally& tally,
                      const Timeline* timeline, const std::shared_ptr<const Analysis>& firstFlows = {});
    void jobEnded();
    /// Of captures, of a dataset or of a table of flows; null for none.
    void showAnalysis(const std::shared_ptr<const Analysis>& analysis);
    void showSelectedFlows(const std::shared_ptr<const Analysis>& analysis, std::vector<std::uint32_t> flows);
    void showSelectedAddresses(const std::shared_ptr<const CountedPackets>& analysis,
                               std::vector<std::uint32_t> rows);
    void showSelectedPairs(const std::shared_ptr<const CountedPackets>& analysis,
                           std::vector<std::uint32_t> rows);
    void showEngines(const std::shared_ptr<const Analysis>& analysis,
                     const Result<ComparedEngines>& compared);
    void showGroups(const std::shared_ptr<const Analysis>& analysis, const Result<GroupAnswer>& groups);
    /// What an analysis comes to where it is narrowed.
    void showNarrowed(const std::shared_ptr<const Analysis>& whole,
                      const Result<std::shared_ptr<const NarrowedPackets>>& narrowed);
    /// What is damaged of the dataset that is looked at; says nothing of one that is sound.
    void showDamage(const std::shared_ptr<const Analysis>& dataset, const Result<DatasetDamage>& damage);
    void showStretches(const std::shared_ptr<const Analysis>& analysis,
                       const Result<std::vector<TimeRange>>& stretches);
    void showTimeline(const std::shared_ptr<const Analysis>& analysis, const TimelineQuery& query,
                      const Result<TimelineBins>& bins);
    /// Its questions are answered to itself.
    [[nodiscard]] PacketsPanel& packets() { return *packets_; }
    [[nodiscard]] DistributionsPanel& distributions() { return *distributions_; }
    /// The same of the detail below the table of flows, and of those in windows of their own
    /// (flowWindowOpened()).
    [[nodiscard]] FlowView& flowDetail() { return *flow_; }
    void showSummary(const ConversionSummary& summary, const Options& options);
    void showFlowSummary(const FlowExportSummary& summary, const Options& options,
                         const FlowExportQuestion& question);
    void showError(const Error& error);
    void showCancelled();
    void showNote(const QString& text);
    [[nodiscard]] QString message() const;

signals:
    void analysisWanted(const packetloom::Options& options);
    void exportWanted(const packetloom::Options& options, const std::filesystem::path& folder);
    void flowExportWanted(const packetloom::Options& options, const packetloom::FlowExportQuestion& question);
    void jobOutlookWanted(const std::vector<std::filesystem::path>& inputs,
                          const std::filesystem::path& folder);
    void planWanted(const packetloom::JobPlan& plan);
    /// A folder that is said to be a job's.
    void jobWanted(const std::filesystem::path& folder);
    void jobWindowOpened(packetloom::JobWindow* window);
    /// `replace`: what is there.
    void finishWanted(const std::shared_ptr<const packetloom::Job>& job, const std::filesystem::path& place,
                      bool replace);
    void cancelWanted();
    void inspectionWanted(const packetloom::InputSpec& spec);
    void comparisonWanted(const packetloom::KnownInputs& inputs);
    void targetInspectionWanted(const packetloom::Options& options, const std::filesystem::path& target,
                                const packetloom::OutputFormat* format);
    void flowsWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                     const packetloom::FlowQuery& query);
    void addressesWanted(const std::shared_ptr<const packetloom::CountedPackets>& analysis,
                         const packetloom::AddressQuery& query);
    void pairsWanted(const std::shared_ptr<const packetloom::CountedPackets>& analysis,
                     const packetloom::PairQuery& query);
    /// Null: what was asked is not wanted any more.
    void enginesWanted(const std::shared_ptr<const packetloom::Analysis>& analysis);
    void groupsWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                      const packetloom::GroupQuery& query, const packetloom::GroupOrder& order,
                      const std::shared_ptr<const packetloom::GroupTable>& known);
    void narrowedWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                        const packetloom::Narrowing& narrowing);
    void flowWindowOpened(packetloom::FlowView* view);
    void stretchesWanted(const std::shared_ptr<const packetloom::Analysis>& analysis);
    void timelineWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                        const packetloom::TimelineQuery& query);
    /// Captures, folders with datasets, tables of flows, sessions, selections, IP maps: whatever they are.
    void openWanted(const std::vector<std::filesystem::path>& paths);
    void sessionSaveWanted(const std::filesystem::path& path);
    void addressListWanted(const std::filesystem::path& path);
    /// What options(), dataset() or viewState() say may be another now.
    void stateChanged();
    void recoveryWanted();
    void recoveryDiscarded();
    void elsewhereAgreed();
    void elsewhereRefused();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeActions();
    void makeFileActions();
    void makeClusterActions();
    void makeLayout();
    void connectPanels();
    QWidget* startPage();
    QWidget* readyPage();
    void makeSideAction();
    void showReady();
    void openSample();
    void chooseDataset();
    void chooseSession();
    void chooseSelection();
    void chooseSessionToSave();
    struct Exportable
    {
        ExportDialog::Content content;
        Options options;
        FlowExportQuestion flows{}; ///< where it is a file of flows; the file is not chosen yet
    };
    [[nodiscard]] bool isFresh() const;
    [[nodiscard]] QList<Exportable> exportable(const OutputFormat& format) const;
    [[nodiscard]] Exportable allOf(const OutputFormat& format) const;
    [[nodiscard]] Exportable seenOfDataset(const OutputFormat& format) const;
    [[nodiscard]] Exportable seenOfFlows(const OutputFormat& format) const;
    void chooseExport();
    void chooseCluster();
    void chooseJob();
    void tellJobWindows();
    void copyCommand(const QString& line);
    void showManual();
    void about();
    void optionsChanged();
    /// Everything follows what the bar says.
    void narrow();
    /// One chip more, and its flows.
    void showFlowsOf(const QString& filter);
    /// The flow and its packets; what hides it goes.
    void goToFlow(std::size_t flow);
    void openFlowWindow(std::size_t flow);
    void showAsAnalyzed();
    void showCount();
    void takeCaptureFilter(const QString& filter, const std::optional<std::pair<qint64, qint64>>& interval);
    void showTables(const std::shared_ptr<const CountedPackets>& analysis);
    void showTime(qint64 start, qint64 end);
    void showWarnings();
    void showTableWarnings();
    void markIncomplete();
    void goOnWithoutBroken();
    void applyView();
    [[nodiscard]] bool mayStopWork();
    void updateActions();
    void updateStale();
    void fillRecent();
    void rememberCaptures() const;
    void openRecent(const RecentFile& file);
    void closeAll();
    void updateTitle();
    void saveSettings() const;
    void restoreSettings();
    [[nodiscard]] bool outOfDate() const;

    CapturePanel* captures_ = nullptr;
    OptionsPanel* filters_ = nullptr;
    DatasetPanel* dataset_ = nullptr;
    QGroupBox* datasetBox_ = nullptr;
    MessageBar* recovery_ = nullptr;  ///< apart from the others, which come and go
    MessageBar* elsewhere_ = nullptr; ///< so is this
    MessageBar* messages_ = nullptr;
    ProgressStrip* progress_ = nullptr;
    NarrowingBar* narrowing_ = nullptr;
    QSplitter* splitter_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    QTabWidget* tabs_ = nullptr;
    OverviewPanel* overview_ = nullptr;
    FlowView* flow_ = nullptr; ///< below the table of flows
    QVector<QPointer<FlowView>> flowWindows_;
    FlowsPanel* flows_ = nullptr;
    EnginesPanel* engines_ = nullptr;
    GroupsPanel* groups_ = nullptr;
    DistributionsPanel* distributions_ = nullptr;
    PacketsPanel* packets_ = nullptr;
    AddressesPanel* addresses_ = nullptr;
    FlagsPanel* flags_ = nullptr;
    RowsPanel* rows_ = nullptr;
    QualityPanel* quality_ = nullptr;
    QFrame* stale_ = nullptr;
    QLabel* staleText_ = nullptr;
    QMenu* recent_ = nullptr;
    QAction* open_ = nullptr;
    QAction* openDataset_ = nullptr;
    QAction* saveSession_ = nullptr;
    QAction* closeAll_ = nullptr;
    QAction* analyze_ = nullptr;
    QAction* cancel_ = nullptr;
    QAction* export_ = nullptr;
    QAction* cluster_ = nullptr;
    QAction* openJob_ = nullptr;
    QAction* copyCommand_ = nullptr;
    StartPage* start_ = nullptr;
    ReadyPage* ready_ = nullptr;
    QWidget* side_ = nullptr;
    QAction* sideShown_ = nullptr;
    bool sideWanted_ = true; ///< where there is room for it
    bool narrow_ = false;
    std::filesystem::path sampleCapture_, sampleMap_;
    std::shared_ptr<const Analysis> analysis_;
    std::shared_ptr<const NarrowedPackets> narrowed_; ///< null while it is counted, and where nothing narrows
    std::optional<std::size_t> flowsLeft_;            ///< null while they are looked for
    QJsonObject view_;                                ///< waits for the next analysis
    QString whenClosing_;                             ///< of the job that runs, see jobStarted()
    QPointer<QMessageBox> closingQuestion_;
    QPointer<ExportDialog> exportDialog_;   ///< while it is open
    QPointer<ClusterDialog> clusterDialog_; ///< while it is open
    JobPrograms jobPrograms_;
    QVector<QPointer<JobWindow>> jobWindows_;
    QPointer<JobWindow> finishing_; ///< whose job is being finished
    bool busy_ = false;
    bool spaceSaid_ = false; ///< that the dataset being written will hardly fit
};

} // namespace packetloom
