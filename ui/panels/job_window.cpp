// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/job_window.h"

#include "core/support/text_format.h"
#include "ui/format_words.h"
#include "ui/messages.h"
#include "ui/models/job_task_model.h"
#include "ui/panels/job_commands_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/progress_strip.h"
#include "ui/panels/table_view.h"

#include <QComboBox>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <utility>

namespace packetloom {
namespace {

constexpr std::chrono::seconds lookEvery{1};
constexpr std::chrono::seconds slowAnswer{5};
/// Inputs are looked at that seldom: there may be thousands, and a task that reads one says the same.
constexpr int thoroughEvery = 30;
constexpr qsizetype mostOfFailure = 2000; ///< characters that are shown below the table

constexpr std::array kinds{TaskKind::Map, TaskKind::Reduce, TaskKind::Merge};
constexpr std::array unusual{TaskState::Running, TaskState::Begun, TaskState::Killed, TaskState::Failed};

QLabel* plainLabel()
{
    auto* const label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

JobWindow::JobWindow(std::shared_ptr<const Job> job, const JobPrograms& programs, QWidget* parent)
    : QWidget(parent, Qt::Window), job_(std::move(job))
{
    setWindowTitle(tr("Job %1").arg(shownPath(job_->folder.filename())));
    makeLayout(programs);
    again_.setSingleShot(true);
    again_.setInterval(lookEvery);
    connect(&again_, &QTimer::timeout, this, &JobWindow::ask);
    slow_.setSingleShot(true);
    slow_.setInterval(slowAnswer);
    connect(&slow_, &QTimer::timeout, this, [this] {
        state_->setText(
            tr("The disk with the job does not answer yet. What is shown is what was seen last."));
    });
    connect(commands_, &JobCommandsPanel::placeChanged, this, [this] {
        made_ = false; // not known of this place yet
        updateButtons();
        if (again_.isActive())
            again_.start(std::chrono::milliseconds(200));
    });
    updateButtons();
}

QString JobWindow::summary() const
{
    std::uint64_t bytes = 0;
    const auto inputs = job_->options.inputs.size();
    for (std::size_t i = 0; i < inputs; ++i)
        bytes += job_->files[i].bytes;
    const auto size = QString::fromStdString(humanBytes(bytes));
    const auto what = inputs == 1 ? tr("%1, %2").arg(shownPath(job_->options.inputs.front().filename()), size)
                                  : tr("%1 captures, %2").arg(shownNumber(inputs), size);
    return tr("%1\n%2, of %3").arg(shownPath(job_->folder), formatWords(*job_->output.format), what);
}

void JobWindow::makeLayout(const JobPrograms& programs)
{
    messages_ = new MessageBar;
    about_ = plainLabel();
    about_->setText(summary());
    about_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    state_ = plainLabel();
    state_->setText(tr("Looking at the job…"));
    auto bold = state_->font();
    bold.setBold(true);
    state_->setFont(bold);
    commands_ = new JobCommandsPanel(job_, programs);
    tabs_ = new QTabWidget;
    tabs_->addTab(commands_, tr("Commands"));
    auto* const tasks = makeTasks();
    tabs_->addTab(tasks, tr("Tasks"));
    progress_ = new ProgressStrip;
    connect(progress_, &ProgressStrip::cancelRequested, this, [this] {
        progress_->setCancelling(false);
        emit cancelWanted();
    });
    finish_ = new QPushButton(tr("&Finish here"));
    finish_->setToolTip(makesDataset()
                            ? tr("Make the dataset of what the tasks have written, in this program")
                            : tr("Make the file of what the tasks have written, in this program"));
    open_ = new QPushButton(makesDataset() ? tr("&Open dataset") : tr("&Open table"));
    auto* const close = new QPushButton(tr("Close"));
    connect(finish_, &QPushButton::clicked, this, &JobWindow::finish);
    connect(open_, &QPushButton::clicked, this, &JobWindow::openOutput);
    connect(close, &QPushButton::clicked, this, &QWidget::close);
    auto* const escape = new QShortcut(Qt::Key_Escape, this);
    connect(escape, &QShortcut::activated, this, &QWidget::close);
    auto* const buttons = new QHBoxLayout;
    buttons->addWidget(progress_, 1);
    buttons->addStretch();
    buttons->addWidget(finish_);
    buttons->addWidget(open_);
    buttons->addWidget(close);
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(messages_);
    layout->addWidget(about_);
    layout->addWidget(makeBars());
    layout->addWidget(state_);
    layout->addWidget(tabs_, 1);
    layout->addLayout(buttons);
}

QWidget* JobWindow::makeBars()
{
    auto* const bars = new QWidget;
    auto* const grid = new QGridLayout(bars);
    grid->setContentsMargins({});
    const std::array titles{tr("Map"), tr("Reduce"), tr("Merge")};
    const std::array tips{tr("Each reads a capture, or a part of one, and sorts its packets into shards"),
                          tr("Each judges the flows of a shard; when all map tasks are done"),
                          tr("Each writes files of the dataset; when all reduce tasks are done")};
    for (std::size_t i = 0; i < bars_.size(); ++i) {
        auto* const title = new QLabel(titles[i]);
        auto* const done = new QProgressBar;
        done->setAccessibleName(tr("%1 tasks that are done").arg(titles[i]));
        done->setFormat(QStringLiteral("%p%"));
        done->setRange(0, 1);
        done->setMinimumWidth(120);
        bars_[i] = {.done = done, .counts = plainLabel()};
        for (QWidget* const widget : std::initializer_list<QWidget*>{title, done, bars_[i].counts})
            widget->setToolTip(tips[i]);
        const int row = static_cast<int>(i);
        grid->addWidget(title, row, 0);
        grid->addWidget(done, row, 1);
        grid->addWidget(bars_[i].counts, row, 2);
    }
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
    return bars;
}

QWidget* JobWindow::makeTasks()
{
    which_ = new QComboBox;
    which_->setAccessibleName(tr("Which tasks are listed"));
    which_->addItems({tr("All tasks"), tr("Not done"), tr("Failed")});
    none_ = plainLabel();
    tasks_ = new JobTaskModel(this);
    choice_ = new JobTaskChoice(this);
    choice_->setSourceModel(tasks_);
    table_ = new TableView(QStringLiteral("job_tasks"));
    table_->setModel(choice_);
    table_->setAccessibleName(tr("Tasks"));
    table_->restoreColumns({QStringLiteral("merge 100 of 100"), QStringLiteral("not begun"),
                            QStringLiteral("node1, process 1234567"),
                            QStringLiteral("capture.csv, 1.0 GB from 1.0 GB on"),
                            QString(20, QLatin1Char('x'))});
    table_->horizontalHeader()->setStretchLastSection(true);
    table_->setSortingEnabled(true);
    table_->sortByColumn(JobTaskModel::Task, Qt::AscendingOrder);
    connect(which_, &QComboBox::currentIndexChanged, this, [this](int which) {
        choice_->choose(JobTaskChoice::Which(which));
        showState();
    });
    failure_ = plainLabel();
    failure_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    failure_->setAccessibleName(tr("What went wrong with the chosen task"));
    connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this, &JobWindow::showFailure);
    auto* const row = new QHBoxLayout;
    row->addWidget(which_);
    row->addWidget(none_, 1);
    auto* const tasks = new QWidget;
    auto* const layout = new QVBoxLayout(tasks);
    layout->addLayout(row);
    layout->addWidget(table_, 1);
    layout->addWidget(failure_);
    return tasks;
}

void JobWindow::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!waiting_)
        ask();
}

// It looks no more; what it is told all the same is shown when it is seen again.
void JobWindow::hideEvent(QHideEvent* event)
{
    again_.stop();
    slow_.stop();
    commands_->saveSettings();
    table_->saveColumns();
    QWidget::hideEvent(event);
}

void JobWindow::ask()
{
    waiting_ = true;
    slow_.start();
    emit lookWanted(job_, commands_->place(), looks_++ % thoroughEvery == 0);
}

void JobWindow::setLook(const JobLook& look)
{
    waiting_ = false;
    slow_.stop();
    if (isVisible())
        again_.start(lookEvery);
    status_ = std::make_shared<JobStatus>(look.status);
    made_ = look.made;
    if (look.trouble)
        messages_->show(MessageBar::Tone::Error, errorMessage(*look.trouble));
    else if (looks_ % thoroughEvery == 1)
        messages_->hide(); // it is as it was, all of it
    tasks_->setStatus(job_, status_);
    commands_->setStatus(status_, made_);
    showBars();
    showState();
    updateButtons();
}

void JobWindow::showBars()
{
    for (std::size_t i = 0; i < bars_.size(); ++i) {
        const auto all = status_->count(kinds[i]), done = status_->count(kinds[i], TaskState::Done);
        bars_[i].done->setRange(0, static_cast<int>(all));
        bars_[i].done->setValue(static_cast<int>(done));
        QStringList counts{tr("%1 of %2 done").arg(shownNumber(done), shownNumber(all))};
        for (const auto state : unusual) {
            if (const auto count = status_->count(kinds[i], state); count > 0)
                counts << QStringLiteral("%1 %2").arg(shownNumber(count), taskStateWords(state));
        }
        bars_[i].counts->setText(counts.join(QStringLiteral(", ")));
    }
}

bool JobWindow::allDone() const
{
    return status_ && std::ranges::all_of(status_->tasks,
                                          [](const auto& task) { return task.state == TaskState::Done; });
}

QString JobWindow::doneWords() const
{
    if (makesDataset())
        return made_ ? tr("All tasks are done, and the folder has a dataset.")
                     : tr("All tasks are done. The last command makes the dataset, or “Finish here”.");
    return made_ ? tr("All tasks are done, and the file is there.")
                 : tr("All tasks are done. The last command makes the file, or “Finish here”.");
}

void JobWindow::showState()
{
    if (!status_)
        return;
    std::size_t failed = 0, killed = 0, begun = 0, done = 0;
    for (const auto kind : kinds) {
        failed += status_->count(kind, TaskState::Failed);
        killed += status_->count(kind, TaskState::Killed);
        begun += status_->count(kind, TaskState::Running) + status_->count(kind, TaskState::Begun);
        done += status_->count(kind, TaskState::Done);
    }
    const auto all = shownNumber(status_->tasks.size());
    state_->setText(
        allDone()    ? doneWords()
        : failed > 0 ? tr("Tasks that failed: %1. What went wrong stands under Tasks; enter the commands "
                          "again when it is cured.")
                           .arg(shownNumber(failed))
        : killed > 0 && begun == 0 ? tr("Tasks that were ended before they were done: %1. Nobody is at "
                                        "work: enter the commands again.")
                                         .arg(shownNumber(killed))
        : begun > 0
            ? tr("Tasks that are done: %1 of %2; begun: %3.").arg(shownNumber(done), all, shownNumber(begun))
        : done > 0 ? tr("Tasks that are done: %1 of %2. Nobody is at work.").arg(shownNumber(done), all)
                   : tr("Nobody has begun yet: enter the commands where the tasks are to be done."));
    const bool empty = choice_->rowCount() == 0;
    none_->setText(!empty                        ? QString()
                   : which_->currentIndex() == 1 ? tr("All tasks are done.")
                                                 : tr("No task has failed."));
    if (failed > 0 && !std::exchange(seenFailed_, true)) {
        which_->setCurrentIndex(2);
        tabs_->setCurrentIndex(1);
        table_->selectRow(0);
    }
    showFailure();
}

void JobWindow::showFailure()
{
    const auto row = table_->currentIndex();
    const auto raw = row.isValid()
                         ? row.siblingAtColumn(JobTaskModel::Failure).data(TableModel::RawRole).toString()
                         : QString();
    const auto text = shownText(raw.trimmed().toStdString(), mostOfFailure);
    if (text == failure_->text())
        return; // what is marked in it stays
    failure_->setText(text);
    failure_->setVisible(!text.isEmpty());
}

void JobWindow::updateButtons()
{
    const bool named = !commands_->place().empty();
    finish_->setEnabled(!busy_ && allDone() && named);
    open_->setEnabled(!busy_ && (made_ || allDone()));
    open_->setToolTip(open_->isEnabled() ? tr("Look at it in the main window")
                                         : tr("There is none yet at the place that is named under Commands"));
}

void JobWindow::setBusy(bool busy)
{
    busy_ = busy;
    updateButtons();
}

void JobWindow::finish()
{
    const auto place = commands_->place();
    commands_->saveSettings();
    if (made_) {
        QMessageBox question(QMessageBox::Warning,
                             makesDataset() ? tr("Replace the dataset?") : tr("Replace the file?"),
                             makesDataset() ? tr("There is a dataset in this folder already. Replace it?")
                                            : tr("There is a file of this name already. Replace it?"),
                             QMessageBox::Cancel, this);
        question.setTextFormat(Qt::PlainText);
        question.setInformativeText(shownPath(place));
        const auto* const replace = question.addButton(tr("Replace"), QMessageBox::AcceptRole);
        question.exec();
        if (question.clickedButton() != replace)
            return;
    }
    emit finishWanted(place, made_);
}

// A job does not know where it was finished: somebody may have chosen another place.
void JobWindow::openOutput()
{
    if (!made_ && !commands_->choosePlace(true))
        return;
    commands_->saveSettings();
    emit outputWanted(commands_->place());
}

void JobWindow::finishing()
{
    progress_->begin(tr("Finishing"));
}

void JobWindow::setProgress(const Progress& progress, double seconds)
{
    progress_->setProgress(progress, seconds);
}

void JobWindow::finishEnded()
{
    progress_->hide();
    if (again_.isActive())
        again_.start(std::chrono::milliseconds(0));
}

} // namespace packetloom
