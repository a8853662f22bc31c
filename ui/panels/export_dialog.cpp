// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/export_dialog.h"

#include "core/dataset/output_folder.h"
#include "core/dataset/space.h"
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
    connect(folder_, &QLineEdit::textChanged, this, &ExportDialog::check);
    connect(compact_, &QCheckBox::toggled, this, &ExportDialog::checkSpace);
    connect(buttons_, &QDialogButtonBox::accepted, this, &ExportDialog::tryAccept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    check();
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

void ExportDialog::check()
{
    const auto path = folder();
    const QFileInfo info(folderText());
    bool possible = !folderText().isEmpty();
    QString state;
    if (possible && info.isDir() && isDataset(path)) {
        state = tr("There is a dataset in this folder. It will be replaced.");
    } else if (possible && info.exists() && !info.isDir()) {
        state = tr("This is a file. Choose another name.");
        possible = false;
    } else if (possible && info.isDir() &&
               !QDir(folderText()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
        state = tr(
            "This folder holds something that is not a dataset. Choose another one, or a new folder in it.");
        possible = false;
    } else if (possible) {
        state = tr("The folder will be made.");
    }
    state_->setText(state);
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(possible);
    checkSpace();
}

// A warning and no refusal: the estimate is rough, and another program may be about to make room.
void ExportDialog::checkSpace()
{
    if (!packets_)
        return;
    const auto needed =
        estimatedDatasetBytes(*packets_, compact() ? JsonStyle::Compact : JsonStyle::Indented);
    const auto available = availableBytes(folder());
    QFont font = this->font();
    font.setBold(needed > available);
    space_->setFont(font);
    space_->setText(
        needed > available
            ? spaceMessage(needed, available)
            : tr("The dataset will need about %1.").arg(QString::fromStdString(humanBytes(needed))));
}

void ExportDialog::tryAccept()
{
    if (isDataset(folder())) {
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
