// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/export_dialog.h"

#include "core/output/output_format.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/messages.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace packetloom {

ExportDialog::ExportDialog(const QString& folder, std::optional<std::uint64_t> packets, bool compact,
                           QWidget* parent)
    : QDialog(parent), packets_(packets)
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
    space_->setVisible(packets.has_value());
    auto* const source = new QLabel(
        packets ? tr("The packets of the preview are written; the captures are not read again.")
                : tr("The captures are read again, with the filters and options as they are now."));
    source->setTextFormat(Qt::PlainText);
    source->setWordWrap(true);
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
    layout->addWidget(title);
    layout->addLayout(row);
    layout->addWidget(state_);
    layout->addWidget(source);
    layout->addWidget(compact_);
    layout->addWidget(space_);
    layout->addStretch();
    layout->addWidget(buttons_);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(folder_, &QLineEdit::textChanged, this, &ExportDialog::inspect);
    connect(compact_, &QCheckBox::toggled, this, &ExportDialog::showSpace);
    connect(buttons_, &QDialogButtonBox::accepted, this, &ExportDialog::tryAccept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    inspect();
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
    if (packets_)
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
    const auto needed = defaultOutputFormat().estimatedBytes(*packets_, options);
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
