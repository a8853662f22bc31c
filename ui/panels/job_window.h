// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/progress.h"
#include "core/shard/job.h"
#include "core/shard/look.h"
#include "ui/job_commands.h"

#include <QTimer>
#include <QWidget>
#include <array>
#include <filesystem>
#include <memory>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QTabWidget;

namespace packetloom {

class JobCommandsPanel;
class JobTaskChoice;
class JobTaskModel;
class MessageBar;
class ProgressStrip;
class TableView;

/// A window that follows a job while others do its tasks: how many of each kind are done, which failed and
/// why, the commands that bring it on, and what can be done at the end. It asks for a look at the job, and
/// again some time after each answer, for as long as it can be seen.
class JobWindow final : public QWidget
{
    Q_OBJECT

public:
    JobWindow(std::shared_ptr<const Job> job, const JobPrograms& programs, QWidget* parent);

    [[nodiscard]] const std::shared_ptr<const Job>& job() const { return job_; }
    /// The answer to lookWanted().
    void setLook(const JobLook& look);
    /// Whether finish and opening what was made are possible now: one thing at a time.
    void setBusy(bool busy);
    /// This job is being finished: how far, and that it came to an end.
    void finishing();
    void setProgress(const Progress& progress, double seconds);
    void finishEnded();

signals:
    /// See lookAt().
    void lookWanted(const std::shared_ptr<const packetloom::Job>& job, const std::filesystem::path& place,
                    bool thorough);
    /// `replace`: what is there, which the user agreed to.
    void finishWanted(const std::filesystem::path& place, bool replace);
    /// To look at what was made.
    void outputWanted(const std::filesystem::path& place);
    void cancelWanted();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Bar
    {
        QProgressBar* done;
        QLabel* counts;
    };

    void makeLayout(const JobPrograms& programs);
    QWidget* makeBars();
    QWidget* makeTasks();
    void ask();
    void showBars();
    void showState();
    void showFailure();
    void updateButtons();
    void finish();
    void openOutput();
    [[nodiscard]] bool makesDataset() const { return job_->output.format->isFolder(); }
    [[nodiscard]] QString doneWords() const;
    [[nodiscard]] bool allDone() const;
    [[nodiscard]] QString summary() const;

    std::shared_ptr<const Job> job_;
    std::shared_ptr<const JobStatus> status_; ///< null before the first answer
    MessageBar* messages_;
    QLabel* about_;
    QLabel* state_;
    std::array<Bar, 3> bars_{}; ///< by TaskKind
    QTabWidget* tabs_;
    JobCommandsPanel* commands_;
    QComboBox* which_;
    QLabel* none_; ///< that there are no such tasks
    TableView* table_;
    QLabel* failure_; ///< all that the chosen task said
    JobTaskModel* tasks_;
    JobTaskChoice* choice_;
    ProgressStrip* progress_;
    QPushButton* finish_;
    QPushButton* open_;
    QTimer again_; ///< until it looks again
    QTimer slow_;  ///< until it is said that an answer takes its time
    int looks_ = 0;
    bool waiting_ = false; ///< for an answer
    bool seenFailed_ = false;
    bool busy_ = false;
    bool made_ = false; ///< what the job makes is where it is to be, or an older one
};

} // namespace packetloom
