// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/job.h"
#include "core/shard/status.h"
#include "ui/models/table_model.h"

#include <QSortFilterProxyModel>
#include <memory>

namespace packetloom {

/// The word for a state: "done".
QString taskStateWords(TaskState state);

/// The tasks of a job, a row each. What has changed since is told row by row, so that who looks at the table
/// is not thrown out of it.
class JobTaskModel final : public TableModel
{
    Q_OBJECT

public:
    enum Columns { Task, State, Worker, Does, Failure, ColumnCount };
    /// By what rows are put in order; a number or a text.
    static constexpr int SortRole = Qt::UserRole + 20;
    /// TaskState.
    static constexpr int StateRole = Qt::UserRole + 21;

    explicit JobTaskModel(QObject* parent = nullptr);

    void setStatus(std::shared_ptr<const Job> job, std::shared_ptr<const JobStatus> status);
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::size_t shownRows() const override { return status_ ? status_->tasks.size() : 0; }
    [[nodiscard]] Cell cell(std::size_t row, int column) const override;
    [[nodiscard]] QString doing(const TaskId& task) const;

    std::shared_ptr<const Job> job_;
    std::shared_ptr<const JobStatus> status_;
};

/// Some of the tasks, in an order.
class JobTaskChoice final : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    enum class Which : std::uint8_t { All, NotDone, Failed };

    explicit JobTaskChoice(QObject* parent = nullptr);

    void choose(Which which);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    Which which_ = Which::All;
};

} // namespace packetloom
