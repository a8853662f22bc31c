// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/job_commands_panel.h"

#include "core/shard/outlook.h"
#include "core/support/path_text.h"
#include "ui/job_datasets.h"

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
std::filesystem::path suggestedDataset(const std::filesystem::path& job)
{
    auto name = pathText(job.filename());
    constexpr std::string_view ending = "-job";
    if (name.ends_with(ending))
        name.resize(name.size() - ending.size());
    return job.parent_path() / pathFromText(name + "-dataset");
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
    auto dataset = rememberedDataset(job_->id);
    if (dataset.empty())
        dataset = suggestedDataset(job_->folder);
    dataset_->setText(QDir::toNativeSeparators(QString::fromStdString(pathText(dataset))));
    connect(starters_, &QComboBox::currentIndexChanged, this, &JobCommandsPanel::showCommands);
    connect(merges_, &QSpinBox::valueChanged, this, &JobCommandsPanel::showCommands);
    connect(dataset_, &QLineEdit::textChanged, this, &JobCommandsPanel::showCommands);
    connect(dataset_, &QLineEdit::textChanged, this, &JobCommandsPanel::datasetChanged);
    connect(browse_, &QPushButton::clicked, this, &JobCommandsPanel::browse);
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
    merges_->setToolTip(tr("Into how many tasks the writing of the dataset's files is cut"));
    dataset_ = new QLineEdit;
    dataset_->setAccessibleName(tr("Folder for the dataset"));
    dataset_->setToolTip(tr("Where the last command makes the dataset; every machine that runs it sees it "
                            "under this name"));
    browse_ = new QPushButton(tr("Browse…"));
    browse_->setAccessibleName(tr("Browse for the dataset's folder"));
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
    auto* const datasetTitle = new QLabel(tr("&Dataset"));
    datasetTitle->setBuddy(dataset_);
    second->addWidget(datasetTitle);
    second->addWidget(dataset_, 1);
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

std::filesystem::path JobCommandsPanel::dataset() const
{
    const auto text = dataset_->text().trimmed();
    if (text.isEmpty())
        return {};
    return pathFromText(QDir(QDir::fromNativeSeparators(text)).absolutePath().toStdString());
}

JobCommands JobCommandsPanel::wanted() const
{
    const auto folder = dataset();
    return {.job = *job_,
            .merges = static_cast<std::size_t>(merges_->value()),
            .dataset = folder.empty() ? std::filesystem::path("DATASET") : folder,
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
    next_->setText(status_ ? nextCommand(*status_, wanted()) : QString());
    next_->setCursorPosition(0);
    copyNext_->setEnabled(status_ != nullptr);
}

void JobCommandsPanel::setStatus(const std::shared_ptr<const JobStatus>& status)
{
    // How the merge is cut is told by its tasks, once there are any: another number would begin anew.
    const auto all = status->count(TaskKind::Merge);
    const bool begun = status->count(TaskKind::Merge, TaskState::Missing) < all;
    if (begun && !(status_ && status_->count(TaskKind::Merge) == all)) {
        const QSignalBlocker once(merges_);
        merges_->setValue(static_cast<int>(all));
        status_ = status;
        return showCommands();
    }
    status_ = status;
    showNext();
}

void JobCommandsPanel::browse()
{
    const auto chosen =
        QFileDialog::getExistingDirectory(this, tr("Folder for the dataset"), dataset_->text());
    if (!chosen.isEmpty())
        setDataset(chosen);
}

void JobCommandsPanel::setDataset(const QString& folder)
{
    dataset_->setText(QDir::toNativeSeparators(folder));
}

void JobCommandsPanel::saveSettings() const
{
    QSettings().setValue(starterKey, idOf(starter()));
    if (const auto folder = dataset(); !folder.empty())
        rememberDataset(job_->id, folder);
}

} // namespace packetloom
