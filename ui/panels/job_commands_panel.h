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

/// The commands that do a job's tasks: asks by what, into how many merge tasks, and where the dataset or the
/// file is to be, and shows what to enter. Runs nothing.
class JobCommandsPanel final : public QWidget
{
    Q_OBJECT

public:
    JobCommandsPanel(std::shared_ptr<const Job> job, JobPrograms programs, QWidget* parent = nullptr);

    /// What comes next, and how many merge tasks there are once one was begun. `made`: something is at the
    /// place.
    void setStatus(const std::shared_ptr<const JobStatus>& status, bool made);
    /// Where what the job makes is to be, or is; empty where nothing is said.
    [[nodiscard]] std::filesystem::path place() const;
    void setPlace(const QString& place);
    /// Asks for another place; `there`: where something is.
    bool choosePlace(bool there);
    /// Remembers the place for the job, and by what its tasks are started.
    void saveSettings() const;

signals:
    void placeChanged();

private:
    void makeLayout();
    void showCommands();
    void showNext();
    [[nodiscard]] JobStarter starter() const;
    [[nodiscard]] JobCommands wanted() const;

    std::shared_ptr<const Job> job_;
    JobPrograms programs_;
    std::shared_ptr<const JobStatus> status_;
    QComboBox* starters_;
    QSpinBox* merges_;
    QLineEdit* place_;
    bool made_ = false; ///< see setStatus()
    QPushButton* browse_;
    QLabel* about_;
    QPlainTextEdit* commands_;
    QPushButton* copy_;
    QLineEdit* next_;
    QPushButton* copyNext_;
};

} // namespace packetloom
