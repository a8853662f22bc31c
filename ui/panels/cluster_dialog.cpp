// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/cluster_dialog.h"

#include "core/shard/plan.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/format_words.h"
#include "ui/messages.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

constexpr std::uint64_t megabyte = 1'000'000;

QLabel* plainText(const QString& text = {})
{
    auto* const label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

ClusterDialog::ClusterDialog(const QList<Offer>& offers, const QString& place, bool compact, QWidget* parent)
    : QDialog(parent), offers_(offers)
{
    setWindowTitle(tr("Export on a cluster"));
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(
        plainText(tr("Cuts the export into tasks that many machines can do: all that see these files and the "
                     "job's folder under the same names. What comes out is byte for byte that of an export "
                     "here. Now only the job is written; its commands are shown then.")));
    layout->addSpacing(6);
    makeContents(layout);
    layout->addSpacing(6);
    makeForm(layout, place);
    compact_ = new QCheckBox(tr("&Compact JSON"));
    compact_->setChecked(compact);
    compact_->setToolTip(tr("Without line breaks and indentation: about a third less to store"));
    layout->addWidget(compact_);
    buttons_ = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons_->button(QDialogButtonBox::Ok)->setText(tr("Write job"));
    layout->addStretch();
    layout->addWidget(buttons_);
    connect(formats_, &QComboBox::currentIndexChanged, this, &ClusterDialog::showFormat);
    connect(choice_, &QButtonGroup::idClicked, this, &ClusterDialog::showTasks);
    connect(folder_, &QLineEdit::textChanged, this, &ClusterDialog::inspect);
    connect(browse_, &QPushButton::clicked, this, &ClusterDialog::browse);
    connect(shards_, &QSpinBox::valueChanged, this, [this] {
        shardsChosen_ = true;
        showTasks();
    });
    connect(taskSize_, &QSpinBox::valueChanged, this, &ClusterDialog::showTasks);
    connect(buttons_, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    folder_->setFocus();
    showFormat();
}

void ClusterDialog::makeContents(QVBoxLayout* layout)
{
    formats_ = new QComboBox;
    for (const auto& offer : offers_)
        formats_->addItem(formatWords(*offer.format));
    auto* const title = new QLabel(tr("Export &as"));
    title->setBuddy(formats_);
    auto* const row = new QHBoxLayout;
    row->addWidget(title);
    row->addWidget(formats_, 1);
    layout->addLayout(row);
    layout->addSpacing(6);
    choice_ = new QButtonGroup(this);
    only_ = plainText();
    layout->addWidget(only_);
    const auto count = offers_.front().contents.size();
    only_->setVisible(count == 1);
    for (qsizetype i = 0; count > 1 && i < count; ++i) {
        auto* const button = new QRadioButton;
        button->setChecked(i == 0);
        choice_->addButton(button, static_cast<int>(i));
        layout->addWidget(button);
    }
    refusal_ = plainText();
    auto bold = font();
    bold.setBold(true);
    refusal_->setFont(bold);
    layout->addWidget(refusal_);
}

void ClusterDialog::makeForm(QVBoxLayout* layout, const QString& place)
{
    folder_ = new QLineEdit(place);
    folder_->setMinimumWidth(420);
    folder_->setToolTip(tr("Where the tasks leave their files; it is made when it is not there"));
    browse_ = new QPushButton(tr("Browse…"));
    browse_->setAccessibleName(tr("Browse for the job's folder"));
    state_ = plainText();
    shards_ = new QSpinBox;
    shards_->setRange(1, static_cast<int>(mostShards));
    shards_->setValue(static_cast<int>(suggestedShards(0)));
    shards_->setToolTip(
        tr("Flows are sorted into so many parts. Each is a reduce task, which judges its flows "
           "beside the others"));
    shardsHint_ = plainText();
    taskSize_ = new QSpinBox;
    taskSize_->setRange(0, 1'000'000);
    taskSize_->setSingleStep(250);
    taskSize_->setSuffix(tr(" MB"));
    taskSize_->setSpecialValueText(tr("whole files"));
    taskSize_->setValue(static_cast<int>(suggestedTaskBytes / megabyte));
    taskSize_->setToolTip(
        tr("Each file is read by one map task. Plain tables and captures that are larger than "
           "this are cut; what is compressed is not"));
    tasks_ = plainText();

    auto* const folderTitle = new QLabel(tr("Job &folder"));
    folderTitle->setBuddy(folder_);
    auto* const folderRow = new QHBoxLayout;
    folderRow->addWidget(folder_, 1);
    folderRow->addWidget(browse_);
    auto* const shardsTitle = new QLabel(tr("&Shards"));
    shardsTitle->setBuddy(shards_);
    auto* const sizeTitle = new QLabel(tr("A map task is at &most"));
    sizeTitle->setBuddy(taskSize_);
    auto* const grid = new QGridLayout;
    grid->addWidget(folderTitle, 0, 0);
    grid->addLayout(folderRow, 0, 1, 1, 2);
    grid->addWidget(state_, 1, 1, 1, 2);
    grid->addWidget(shardsTitle, 2, 0);
    grid->addWidget(shards_, 2, 1);
    grid->addWidget(shardsHint_, 2, 2);
    grid->addWidget(sizeTitle, 3, 0);
    grid->addWidget(taskSize_, 3, 1);
    grid->addWidget(tasks_, 3, 2);
    grid->setColumnStretch(2, 1);
    layout->addLayout(grid);
}

void ClusterDialog::chooseFormat(qsizetype offer)
{
    formats_->setCurrentIndex(static_cast<int>(offer));
}

qsizetype ClusterDialog::format() const
{
    return formats_->currentIndex();
}

void ClusterDialog::showFormat()
{
    const auto& contents = offers_[format()].contents;
    compact_->setVisible(offers_[format()].format->isFolder());
    only_->setText(contents.front().words);
    for (auto* const button : choice_->buttons()) {
        auto words = contents[choice_->id(button)].words;
        button->setText(words.replace(QLatin1Char('&'), QLatin1String("&&")));
    }
    showTasks();
}

qsizetype ClusterDialog::content() const
{
    return std::max(choice_->checkedId(), 0);
}

QString ClusterDialog::folderText() const
{
    return folder_->text().trimmed();
}

std::filesystem::path ClusterDialog::folder() const
{
    return pathFromText(QDir::fromNativeSeparators(folderText()).toStdString());
}

std::size_t ClusterDialog::shards() const
{
    return static_cast<std::size_t>(shards_->value());
}

std::uint64_t ClusterDialog::taskBytes() const
{
    return static_cast<std::uint64_t>(taskSize_->value()) * megabyte;
}

bool ClusterDialog::compact() const
{
    return compact_->isChecked();
}

void ClusterDialog::browse()
{
    const auto chosen = QFileDialog::getExistingDirectory(this, tr("Job folder"), folderText());
    if (!chosen.isEmpty())
        folder_->setText(QDir::toNativeSeparators(chosen));
}

// Not looked up here: a file system may take its time.
void ClusterDialog::inspect()
{
    outlook_.reset();
    showPlace();
    showTasks();
    if (!folderText().isEmpty())
        emit inspectionWanted(folder());
}

void ClusterDialog::showOutlook(const std::filesystem::path& folder, const JobOutlook& outlook)
{
    if (folder != this->folder() || folderText().isEmpty())
        return;
    outlook_ = outlook;
    if (!shardsChosen_) {
        const QSignalBlocker once(shards_);
        shards_->setValue(static_cast<int>(suggestedShards(outlook.bytes())));
    }
    showPlace();
    showTasks();
}

void ClusterDialog::showPlace()
{
    if (!outlook_) {
        state_->clear();
        return;
    }
    if (!outlook_->place) {
        state_->setText(errorReason(outlook_->place.error()));
        return;
    }
    switch (*outlook_->place) {
    case JobPlace::Missing:
        state_->setText(tr("The folder will be made."));
        break;
    case JobPlace::Empty:
        state_->setText(tr("The folder is empty; the job will be in it."));
        break;
    case JobPlace::Others:
        state_->setText(tr("There are other things in this folder. They stay, and the job's come beside "
                           "them."));
        break;
    case JobPlace::Job:
        state_->setText(tr("There is a job in this folder already. Choose another folder for a new one."));
        break;
    }
}

void ClusterDialog::showTasks()
{
    const auto& refusal = offers_[format()].contents[content()].refusal;
    refusal_->setText(refusal);
    refusal_->setVisible(!refusal.isEmpty());
    const bool possible = outlook_ && outlook_->place && *outlook_->place != JobPlace::Job;
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(possible && refusal.isEmpty());
    if (outlook_) {
        const auto bytes = outlook_->bytes();
        shardsHint_->setText(
            tr("Suggested: %1, for %2 of captures. One for each gigabyte is a good number, and more where "
               "they are packed; each takes half a megabyte of memory in every map task.")
                .arg(shownNumber(suggestedShards(bytes)), QString::fromStdString(humanBytes(bytes))));
        tasks_->setText(tr("Map tasks: at most %1. Reduce tasks: %2.")
                            .arg(shownNumber(mostMapTasks(*outlook_, taskBytes())), shownNumber(shards())));
    } else {
        shardsHint_->setText(tr("One for each gigabyte of the captures is a good number."));
        tasks_->clear();
    }
    fit();
}

// A text of several lines must not be cut off: a dialog does not grow by itself.
void ClusterDialog::fit()
{
    layout()->activate();
    if (const int wanted = layout()->totalHeightForWidth(width()); wanted > height())
        resize(width(), wanted);
}

} // namespace packetloom
