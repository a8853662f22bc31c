// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/job_commands_panel.h"

#include "core/shard/outlook.h"
#include "core/support/path_text.h"
#include "ui/format_words.h"
#include "ui/job_places.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFontDatabase>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <utility>

namespace packetloom {
namespace {

const auto starterKey = QStringLiteral("jobs/starter");

/// Beside the job: "day-job" becomes "day-dataset".
std::filesystem::path suggestedPlace(const Job& job)
{
    auto name = pathText(job.folder.filename());
    constexpr std::string_view ending = "-job";
    if (name.ends_with(ending))
        name.resize(name.size() - ending.size());
    return job.folder.parent_path() / pathFromText(name + formatEnding(*job.output.format).toStdString());
}

std::uint64_t inputBytes(const Job& job)
{
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < job.options.inputs.size(); ++i)
        bytes += job.files[i].bytes; // IP maps stand behind the inputs
    return bytes;
}

} // namespace

JobCommandsPanel::JobCommandsPanel(std::shared_ptr<const Job> job, JobPrograms programs, QWidget* parent)
    : QWidget(parent), job_(std::move(job)), programs_(std::move(programs))
{
    makeLayout();
    const auto chosen = QSettings().value(starterKey).toString();
    for (const auto starter : jobStarters) {
        starters_->addItem(nameOf(starter), static_cast<int>(starter));
        if (idOf(starter) == chosen)
            starters_->setCurrentIndex(starters_->count() - 1);
    }
    merges_->setValue(static_cast<int>(suggestedMerges(inputBytes(*job_))));
    const auto remembered = rememberedPlace(job_->id);
    setPlace(QString::fromStdString(pathText(remembered.empty() ? suggestedPlace(*job_) : remembered)));
    connect(starters_, &QComboBox::currentIndexChanged, this, &JobCommandsPanel::showCommands);
    connect(merges_, &QSpinBox::valueChanged, this, &JobCommandsPanel::showCommands);
    connect(place_, &QLineEdit::textChanged, this, [this] {
        made_ = false; // not known of this place yet
        showCommands();
        emit placeChanged();
    });
    connect(browse_, &QPushButton::clicked, this, [this] { choosePlace(false); });
    connect(copy_, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(commands_->toPlainText()); });
    connect(copyNext_, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(next_->text()); });
    showCommands();
}

void JobCommandsPanel::makeLayout()
{
    starters_ = new QComboBox;
    starters_->setAccessibleName(tr("What starts the tasks"));
    merges_ = new QSpinBox;
    merges_->setRange(1, 4096);
    merges_->setAccessibleName(tr("Merge tasks"));
    merges_->setToolTip(tr("Into how many tasks the writing of what the job makes is cut"));
    const bool folder = job_->output.format->isFolder();
    place_ = new QLineEdit;
    place_->setAccessibleName(folder ? tr("Folder for the dataset") : tr("File for the flows"));
    place_->setToolTip(
        tr("Where the last command makes it; every machine that runs it sees it under this name"));
    browse_ = new QPushButton(tr("Browse…"));
    browse_->setAccessibleName(folder ? tr("Browse for the dataset's folder") : tr("Browse for the file"));
    about_ = new QLabel;
    about_->setTextFormat(Qt::PlainText);
    about_->setWordWrap(true);
    commands_ = new QPlainTextEdit;
    commands_->setReadOnly(true);
    commands_->setTabChangesFocus(true);
    commands_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    commands_->setAccessibleName(tr("Commands"));
    commands_->setMinimumHeight(commands_->fontMetrics().height() * 4);
    copy_ = new QPushButton(tr("&Copy commands"));
    next_ = new QLineEdit;
    next_->setReadOnly(true);
    next_->setFont(commands_->font());
    next_->setAccessibleName(tr("Next command"));
    copyNext_ = new QPushButton(tr("Copy"));
    copyNext_->setAccessibleName(tr("Copy the next command"));

    auto* const first = new QHBoxLayout;
    auto* const startersTitle = new QLabel(tr("Tasks are started &by"));
    startersTitle->setBuddy(starters_);
    auto* const mergesTitle = new QLabel(tr("&Merge tasks"));
    mergesTitle->setBuddy(merges_);
    first->addWidget(startersTitle);
    first->addWidget(starters_, 1);
    first->addSpacing(12);
    first->addWidget(mergesTitle);
    first->addWidget(merges_);
    auto* const second = new QHBoxLayout;
    auto* const placeTitle = new QLabel(folder ? tr("&Dataset") : tr("&File"));
    placeTitle->setBuddy(place_);
    second->addWidget(placeTitle);
    second->addWidget(place_, 1);
    second->addWidget(browse_);
    auto* const third = new QHBoxLayout;
    third->addWidget(about_, 1);
    third->addWidget(copy_, 0, Qt::AlignTop);
    auto* const last = new QHBoxLayout;
    auto* const nextTitle = new QLabel(tr("By hand, &next"));
    nextTitle->setBuddy(next_);
    nextTitle->setToolTip(tr("The command for the first task that is not done"));
    last->addWidget(nextTitle);
    last->addWidget(next_, 1);
    last->addWidget(copyNext_);
    auto* const layout = new QVBoxLayout(this);
    layout->addLayout(first);
    layout->addLayout(second);
    layout->addLayout(third);
    layout->addWidget(commands_, 1);
    layout->addLayout(last);
}

JobStarter JobCommandsPanel::starter() const
{
    return static_cast<JobStarter>(starters_->currentData().toInt());
}

std::filesystem::path JobCommandsPanel::place() const
{
    const auto text = place_->text().trimmed();
    if (text.isEmpty())
        return {};
    return pathFromText(QDir(QDir::fromNativeSeparators(text)).absolutePath().toStdString());
}

JobCommands JobCommandsPanel::wanted() const
{
    const auto chosen = place();
    const char* const none = job_->output.format->isFolder() ? "DATASET" : "FILE";
    return {.job = *job_,
            .merges = static_cast<std::size_t>(merges_->value()),
            .place = chosen.empty() ? std::filesystem::path(none) : chosen,
            .replace = made_,
            .programs = programs_};
}

void JobCommandsPanel::showCommands()
{
    const auto commands = commandsFor(starter(), wanted());
    about_->setText(commands.isEmpty()
                        ? tr("The scripts for this are not installed with this program. Of Packetloom's "
                             "packages, those for Linux have them.")
                        : aboutStarter(starter()) + QLatin1Char(' ') +
                              tr("What is done already is not done again, so the commands can be entered "
                                 "again after a failure."));
    commands_->setPlainText(commands);
    copy_->setEnabled(!commands.isEmpty());
    showNext();
}

void JobCommandsPanel::showNext()
{
    const auto next = status_ ? nextCommand(*status_, wanted()) : QString();
    if (next != next_->text()) { // what is marked in it stays
        next_->setText(next);
        next_->setCursorPosition(0);
    }
    copyNext_->setEnabled(status_ != nullptr);
}

void JobCommandsPanel::setStatus(const std::shared_ptr<const JobStatus>& status, bool made)
{
    // How the merge is cut is told by its tasks, once there are any: another number would begin anew.
    const auto all = status->count(TaskKind::Merge);
    const bool begun = status->count(TaskKind::Merge, TaskState::Missing) < all;
    const bool known = status_ && status_->count(TaskKind::Merge) == all;
    status_ = status;
    bool changed = std::exchange(made_, made) != made;
    if (begun && !known && merges_->value() != static_cast<int>(all)) {
        const QSignalBlocker once(merges_);
        merges_->setValue(static_cast<int>(all));
        changed = true;
    }
    if (changed)
        showCommands();
    else
        showNext();
}

bool JobCommandsPanel::choosePlace(bool there)
{
    QString chosen;
    if (job_->output.format->isFolder())
        chosen = QFileDialog::getExistingDirectory(
            this, there ? tr("Where was the dataset made?") : tr("Folder for the dataset"), place_->text());
    else if (there)
        chosen = QFileDialog::getOpenFileName(this, tr("Where was the file made?"), place_->text());
    else // what is there is asked about when it is made
        chosen = QFileDialog::getSaveFileName(this, tr("File for the flows"), place_->text(), {}, nullptr,
                                              QFileDialog::DontConfirmOverwrite);
    if (!chosen.isEmpty())
        setPlace(chosen);
    return !chosen.isEmpty();
}

void JobCommandsPanel::setPlace(const QString& place)
{
    place_->setText(QDir::toNativeSeparators(place));
}

void JobCommandsPanel::saveSettings() const
{
    QSettings().setValue(starterKey, idOf(starter()));
    if (const auto chosen = place(); !chosen.empty())
        rememberPlace(job_->id, chosen);
}

} // namespace packetloom
