// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/job_task_model.h"

#include "core/support/path_text.h"
#include "core/support/text_format.h"

#include <algorithm>
#include <array>
#include <utility>

namespace packetloom {
namespace {

bool sameTasks(const JobStatus& one, const JobStatus& other)
{
    return std::ranges::equal(one.tasks, other.tasks,
                              [](const auto& a, const auto& b) { return a.id == b.id; });
}

bool looksSame(const TaskStatus& one, const TaskStatus& other)
{
    return one.state == other.state && one.failure == other.failure && one.worker == other.worker &&
           one.lost == other.lost;
}

/// "node1, process 17, Slurm 12_3".
QString workerWords(const TaskWorker& worker)
{
    auto words = JobTaskModel::tr("%1, process %2")
                     .arg(visibleText(worker.process.host), QString::number(worker.process.process));
    return worker.slurmJob.empty()
               ? words
               : JobTaskModel::tr("%1, Slurm %2").arg(words, visibleText(worker.slurmJob));
}

QString words(std::uint64_t bytes)
{
    return QString::fromStdString(humanBytes(bytes));
}

} // namespace

QString taskStateWords(TaskState state)
{
    switch (state) {
    case TaskState::Missing:
        return JobTaskModel::tr("not begun");
    case TaskState::Running:
        return JobTaskModel::tr("running");
    case TaskState::Begun:
        return JobTaskModel::tr("begun");
    case TaskState::Killed:
        return JobTaskModel::tr("killed");
    case TaskState::Failed:
        return JobTaskModel::tr("failed");
    case TaskState::Done:
        break;
    }
    return JobTaskModel::tr("done");
}

JobTaskModel::JobTaskModel(QObject* parent) : TableModel(columns(), parent) {}

std::span<const TableModel::Column> JobTaskModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"task", QT_TR_NOOP("Task"), QT_TR_NOOP("Which kind, and its number from 0")},
        {"state", QT_TR_NOOP("State"),
         QT_TR_NOOP(
             "done; running on this machine; begun on another one, where it runs or was ended before it "
             "was done; killed on this one; failed, and not begun again since; not begun")},
        {"worker", QT_TR_NOOP("Who"),
         QT_TR_NOOP("The machine that works on it or did, and the process there")},
        {"does", QT_TR_NOOP("Works on"), QT_TR_NOOP("What it reads")},
        {"failure", QT_TR_NOOP("What went wrong"),
         QT_TR_NOOP("What a task that failed has said, or what is gone that it made")},
    }};
    return texts;
}

void JobTaskModel::setStatus(std::shared_ptr<const Job> job, std::shared_ptr<const JobStatus> status)
{
    if (job != job_ || !status || !status_ || !sameTasks(*status, *status_)) {
        beginResetModel();
        job_ = std::move(job);
        status_ = std::move(status);
        endResetModel();
        return;
    }
    const auto before = std::exchange(status_, std::move(status));
    const auto differs = [&](std::size_t row) { return !looksSame(before->tasks[row], status_->tasks[row]); };
    for (std::size_t row = 0; row < shownRows(); ++row) {
        if (!differs(row))
            continue;
        std::size_t last = row;
        while (last + 1 < shownRows() && differs(last + 1))
            ++last;
        emit dataChanged(index(static_cast<int>(row), 0), index(static_cast<int>(last), ColumnCount - 1));
        row = last;
    }
}

QVariant JobTaskModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || (role != SortRole && role != StateRole))
        return TableModel::data(index, role);
    const auto state = static_cast<int>(status_->tasks[static_cast<std::size_t>(index.row())].state);
    if (role == StateRole || index.column() == State)
        return state; // in the order of the states
    return index.column() == Task ? QVariant(index.row()) : TableModel::data(index, Qt::DisplayRole);
}

Cell JobTaskModel::cell(std::size_t row, int column) const
{
    const TaskStatus& task = status_->tasks[row];
    switch (column) {
    case Task: {
        const auto name = QString::fromStdString(task.id.name());
        return Words{name, name, {}};
    }
    case State: {
        const auto state = taskStateWords(task.state);
        return Words{state, state, {}};
    }
    case Worker: {
        const auto who = task.worker ? workerWords(*task.worker) : QString();
        return Words{who, who, who};
    }
    case Does: {
        const auto text = doing(task.id);
        return Words{text, text, text};
    }
    case Failure: {
        if (task.lost.empty())
            return HostileText{task.failure};
        const auto gone = tr("Its chunk files are gone from %1").arg(visibleText(pathText(task.lost)));
        return Words{gone, gone, gone};
    }
    default:
        return {};
    }
}

QString JobTaskModel::doing(const TaskId& task) const
{
    if (task.kind == TaskKind::Reduce)
        return tr("part %1 of all map tasks").arg(task.number);
    if (task.kind == TaskKind::Merge)
        return tr("the flows of all parts, in order");
    const MapTask& map = job_->tasks[task.number];
    const JobFile& file = job_->fileOf(map);
    const auto name = visibleText(pathText(file.path.filename()));
    if (map.isWhole())
        return tr("%1, %2").arg(name, words(file.bytes));
    const std::uint64_t end = map.end > 0 ? map.end : file.bytes;
    if (map.begin == 0)
        return tr("%1, the first %2").arg(name, words(end));
    return tr("%1, %2 from %3 on").arg(name, words(end - map.begin), words(map.begin));
}

JobTaskChoice::JobTaskChoice(QObject* parent) : QSortFilterProxyModel(parent)
{
    setSortRole(JobTaskModel::SortRole);
}

void JobTaskChoice::choose(Which which)
{
    which_ = which;
    invalidateFilter();
}

bool JobTaskChoice::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const auto state = TaskState(sourceModel()->index(row, 0, parent).data(JobTaskModel::StateRole).toInt());
    return which_ == Which::All ||
           (which_ == Which::NotDone ? state != TaskState::Done : state == TaskState::Failed);
}

} // namespace packetloom
