// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/status.h"
#include "ui/job_commands.h"

#include <QWidget>
#include <filesystem>
#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace packetloom {

/// The commands that do a job's tasks: asks by what, into how many merge tasks, and where the dataset is to
/// be, and shows what to enter. Runs nothing.
class JobCommandsPanel final : public QWidget
{
    Q_OBJECT

public:
    JobCommandsPanel(std::shared_ptr<const Job> job, JobPrograms programs, QWidget* parent = nullptr);

    /// What comes next, and how many merge tasks there are once one was begun.
    void setStatus(const std::shared_ptr<const JobStatus>& status);
    /// Where the dataset is to be, or is; empty where nothing is said.
    [[nodiscard]] std::filesystem::path dataset() const;
    void setDataset(const QString& folder);
    /// Remembers the dataset for the job, and by what its tasks are started.
    void saveSettings() const;

signals:
    void datasetChanged();

private:
    void makeLayout();
    void browse();
    void showCommands();
    void showNext();
    [[nodiscard]] JobStarter starter() const;
    [[nodiscard]] JobCommands wanted() const;

    std::shared_ptr<const Job> job_;
    JobPrograms programs_;
    std::shared_ptr<const JobStatus> status_;
    QComboBox* starters_;
    QSpinBox* merges_;
    QLineEdit* dataset_;
    QPushButton* browse_;
    QLabel* about_;
    QPlainTextEdit* commands_;
    QPushButton* copy_;
    QLineEdit* next_;
    QPushButton* copyNext_;
};

} // namespace packetloom
