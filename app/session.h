// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/job_lookups.h"
#include "app/jobs.h"
#include "app/session_file.h"
#include "app/session_recovery.h"

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <optional>

namespace packetloom {

class FlowView;
class MainWindow;

/// Joins the window's wishes to the jobs, and the jobs' results to the window.
class Session final : public QObject
{
    Q_OBJECT

public:
    /// `window` must outlive the session.
    explicit Session(MainWindow& window, QObject* parent = nullptr);

    [[nodiscard]] Jobs& jobs() { return jobs_; }
    /// A preview that takes more memory (bytes) than this goes when the next analysis begins; a smaller one
    /// stays, to be looked at again should that be cancelled.
    void keepPreviewsUpTo(std::uint64_t bytes) { mostKept_ = bytes; }

    /// Captures, folders with datasets, tables of flows, sessions, selections of the TimeArcs viewer, IP
    /// maps, folders with jobs: what a path is, is seen from its ending and its content.
    void open(const std::vector<std::filesystem::path>& paths);

    /// From now on keeps what is open in `folder`, in case that the program does not end properly, and has
    /// the window offer what was left there in that case.
    void keepIn(const std::filesystem::path& folder);

    /// The program ends because it was told to from outside (logging out, ...): what is open is kept for the
    /// next start, as after a crash.
    void endedFromOutside();

    /// Files that the desktop hands to a program that runs already (macOS): for the application object.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// A session, a selection or an IP map; false where it is none of these.
    bool openDocument(const std::filesystem::path& path);
    void openSession(const SessionFile& session);
    void openSelection(const Options& selection, const std::filesystem::path& path);
    /// Does it at once, unless it would look at files on other computers: then once the user agrees.
    void openUnlessElsewhere(const QByteArray& json, const std::filesystem::path& document,
                             std::function<void()> open);
    /// A folder with a dataset, or a table of flows.
    void openToLook(const std::filesystem::path& path);
    void saveSession(const std::filesystem::path& path);
    /// What is open now, or is being opened.
    [[nodiscard]] SessionFile current() const;
    void offerLeft();
    void openLeft();
    void discardLeft();
    void loadAddresses(const std::filesystem::path& path);
    void serve(FlowView& view);
    void connectCluster();
    void planJob(const JobPlan& plan);
    void finishJob(const std::shared_ptr<const Job>& job, const std::filesystem::path& place, bool replace);
    void analyze(const Options& options);
    void exportDataset(const Options& options, const std::filesystem::path& folder);
    void exportFlows(const Options& options, const FlowExportQuestion& question);
    void showProgress(const LiveProgress& progress);
    void cancel();

    MainWindow& window_;
    Jobs jobs_;
    JobLookups jobLookups_;    ///< of what is planned and opened; each window of a job has its own
    Options exported_;         ///< what the latest export is made with
    FlowExportQuestion asked_; ///< the latest export of flows
    AnalysisPtr analysis_;     ///< what the window shows
    std::uint64_t mostKept_ = std::uint64_t{64} << 20;
    std::filesystem::path opening_;             ///< the dataset or table of flows that is being opened
    std::unique_ptr<SessionRecovery> recovery_; ///< null: nothing is kept
    std::optional<SessionFile> left_;           ///< what the window offers
    std::function<void()> waiting_;             ///< for the user's consent
    QTimer changed_;                            ///< a moment of rest before it is kept
};

} // namespace packetloom
