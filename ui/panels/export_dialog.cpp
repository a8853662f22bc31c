// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/export_dialog.h"

#include "core/output/output_format.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/messages.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {

ExportDialog::ExportDialog(const QString& folder, const QList<Content>& contents, bool compact,
                           QWidget* parent)
    : QDialog(parent), contents_(contents)
{
    setWindowTitle(tr("Export dataset"));
    folder_ = new QLineEdit(folder);
    folder_->setMinimumWidth(420);
    folder_->setToolTip(tr("The dataset's folder; it is made when it is not there"));
    auto* const title = new QLabel(tr("&Folder for the dataset"));
    title->setBuddy(folder_);
    auto* const browse = new QPushButton(tr("Browse…"));
    state_ = new QLabel;
    state_->setTextFormat(Qt::PlainText);
    state_->setWordWrap(true);
    space_ = new QLabel;
    space_->setTextFormat(Qt::PlainText);
    space_->setWordWrap(true);
    choice_ = new QButtonGroup(this);
    source_ = new QLabel;
    source_->setTextFormat(Qt::PlainText);
    source_->setWordWrap(true);
    compact_ = new QCheckBox(tr("&Compact JSON"));
    compact_->setChecked(compact);
    compact_->setToolTip(
        tr("Without line breaks and indentation: about a third less to store. Viewers read it "
           "alike; only a comparison of bytes with the reference needs it off"));
    buttons_ = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons_->button(QDialogButtonBox::Ok)->setText(tr("Export"));
    auto* const row = new QHBoxLayout;
    row->addWidget(folder_, 1);
    row->addWidget(browse);
    auto* const layout = new QVBoxLayout(this);
    // What it is comes first: nobody should have to guess what will be in the folder.
    for (qsizetype i = 0; i < contents_.size(); ++i) {
        auto words = contents_[i].words;
        if (contents_.size() == 1) {
            auto* const only = new QLabel(words);
            only->setTextFormat(Qt::PlainText);
            only->setWordWrap(true);
            layout->addWidget(only);
            break;
        }
        auto* const button = new QRadioButton(words.replace(QLatin1Char('&'), QLatin1String("&&")));
        button->setChecked(i == 0);
        choice_->addButton(button, static_cast<int>(i));
        layout->addWidget(button);
    }
    layout->addWidget(source_);
    layout->addSpacing(6);
    layout->addWidget(title);
    layout->addLayout(row);
    layout->addWidget(state_);
    layout->addWidget(compact_);
    layout->addWidget(space_);
    layout->addStretch();
    layout->addWidget(buttons_);
    connect(choice_, &QButtonGroup::idClicked, this, &ExportDialog::showContent);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(folder_, &QLineEdit::textChanged, this, &ExportDialog::inspect);
    connect(compact_, &QCheckBox::toggled, this, &ExportDialog::showSpace);
    connect(buttons_, &QDialogButtonBox::accepted, this, &ExportDialog::tryAccept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    showContent();
    inspect();
}

qsizetype ExportDialog::content() const
{
    return std::max(choice_->checkedId(), 0);
}

void ExportDialog::showContent()
{
    source_->setText(contents_[content()].readAgain
                         ? tr("The captures are read again, with the filters and options as they are now.")
                         : tr("The packets of the preview are written; the captures are not read again."));
    showSpace();
}

QString ExportDialog::folderText() const
{
    return folder_->text().trimmed();
}

bool ExportDialog::compact() const
{
    return compact_->isChecked();
}

std::filesystem::path ExportDialog::folder() const
{
    return pathFromText(QDir::fromNativeSeparators(folderText()).toStdString());
}

void ExportDialog::browse()
{
    const auto chosen = QFileDialog::getExistingDirectory(this, tr("Folder for the dataset"), folderText());
    if (!chosen.isEmpty())
        folder_->setText(QDir::toNativeSeparators(chosen));
}

// Not looked up here: a file system may take its time.
void ExportDialog::inspect()
{
    found_.reset();
    available_.reset();
    state_->clear();
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(false);
    showSpace();
    if (!folderText().isEmpty())
        emit inspectionWanted(folder());
}

void ExportDialog::showTarget(const std::filesystem::path& folder, const TargetFacts& facts)
{
    if (folder != this->folder() || folderText().isEmpty())
        return;
    available_ = facts.available;
    if (facts.state) {
        found_ = *facts.state;
        state_->setText(
            *found_ == OutputState::Dataset   ? tr("There is a dataset in this folder. It will be replaced.")
            : *found_ == OutputState::Missing ? tr("The folder will be made.")
                                              : tr("The folder is empty; the dataset will be in it."));
    } else {
        state_->setText(errorReason(facts.state.error()));
    }
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(found_.has_value());
    showSpace();
}

void ExportDialog::showSpace()
{
    space_->setVisible(contents_[content()].packets.has_value());
    if (contents_[content()].packets)
        showNeed();
    // A text of several lines must not be cut off: a dialog does not grow by itself.
    layout()->activate();
    if (const int wanted = layout()->totalHeightForWidth(width()); wanted > height())
        resize(width(), wanted);
}

// A warning and no refusal: the estimate is rough, and another program may be about to make room.
void ExportDialog::showNeed()
{
    Options options;
    options.style = compact() ? JsonStyle::Compact : JsonStyle::Indented;
    const auto needed = defaultDatasetFormat().estimatedBytes(*contents_[content()].packets, options);
    const bool tooLittle = available_ && needed > *available_;
    QFont font = this->font();
    font.setBold(tooLittle);
    space_->setFont(font);
    space_->setText(
        tooLittle ? spaceMessage(needed, *available_)
                  : tr("The dataset will need about %1.").arg(QString::fromStdString(humanBytes(needed))));
}

void ExportDialog::tryAccept()
{
    if (found_ == OutputState::Dataset) {
        QMessageBox question(QMessageBox::Warning, tr("Replace the dataset?"),
                             tr("There is a dataset in this folder already. Replace it?"),
                             QMessageBox::Cancel, this);
        question.setTextFormat(Qt::PlainText);
        question.setInformativeText(shownPath(folder()));
        const auto* const replace = question.addButton(tr("Replace"), QMessageBox::AcceptRole);
        question.exec();
        if (question.clickedButton() != replace)
            return;
    }
    accept();
}

} // namespace packetloom
