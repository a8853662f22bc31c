// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/export_dialog.h"

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
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

QLabel* plainText()
{
    auto* const label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

ExportDialog::ExportDialog(const QList<Offer>& offers, bool compact, QWidget* parent)
    : QDialog(parent), offers_(offers)
{
    setWindowTitle(tr("Export"));
    formats_ = new QComboBox;
    formats_->setAccessibleName(tr("Export as"));
    for (const auto& offer : offers_) {
        formats_->addItem(formatWords(*offer.format));
        places_ << offer.place;
    }
    auto* const formatTitle = new QLabel(tr("Export &as"));
    formatTitle->setBuddy(formats_);
    target_ = new QLineEdit(places_.front());
    target_->setMinimumWidth(420);
    title_ = new QLabel;
    title_->setBuddy(target_);
    auto* const browse = new QPushButton(tr("Browse…"));
    state_ = plainText();
    space_ = plainText();
    choice_ = new QButtonGroup(this);
    only_ = plainText();
    source_ = plainText();
    compact_ = new QCheckBox(tr("&Compact JSON"));
    compact_->setChecked(compact);
    compact_->setToolTip(
        tr("Without line breaks and indentation: about a third less to store. Viewers read it "
           "alike; only a comparison of bytes with the reference needs it off"));
    buttons_ = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons_->button(QDialogButtonBox::Ok)->setText(tr("Export"));
    const auto* const cluster = buttons_->addButton(tr("On a c&luster…"), QDialogButtonBox::ActionRole);
    auto* const formatRow = new QHBoxLayout;
    formatRow->addWidget(formatTitle);
    formatRow->addWidget(formats_, 1);
    auto* const row = new QHBoxLayout;
    row->addWidget(target_, 1);
    row->addWidget(browse);
    auto* const layout = new QVBoxLayout(this);
    layout->addLayout(formatRow);
    layout->addSpacing(6);
    makeContents();
    layout->addWidget(source_);
    layout->addSpacing(6);
    layout->addWidget(title_);
    layout->addLayout(row);
    layout->addWidget(state_);
    layout->addWidget(compact_);
    layout->addWidget(space_);
    layout->addStretch();
    layout->addWidget(buttons_);
    connect(formats_, &QComboBox::currentIndexChanged, this, &ExportDialog::showFormat);
    connect(choice_, &QButtonGroup::idClicked, this, &ExportDialog::showContent);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(target_, &QLineEdit::textChanged, this, &ExportDialog::inspect);
    connect(compact_, &QCheckBox::toggled, this, &ExportDialog::showSpace);
    connect(cluster, &QPushButton::clicked, this, [this] { done(OnCluster); });
    connect(buttons_, &QDialogButtonBox::accepted, this, &ExportDialog::tryAccept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    target_->setFocus();
    showFormat();
}

// What it is comes before the place: nobody should have to guess what will be there.
void ExportDialog::makeContents()
{
    const auto count = offers_.front().contents.size();
    layout()->addWidget(only_);
    only_->setVisible(count == 1);
    for (qsizetype i = 0; count > 1 && i < count; ++i) {
        auto* const button = new QRadioButton;
        button->setChecked(i == 0);
        choice_->addButton(button, static_cast<int>(i));
        layout()->addWidget(button);
    }
}

void ExportDialog::chooseFormat(qsizetype offer)
{
    formats_->setCurrentIndex(static_cast<int>(offer));
}

qsizetype ExportDialog::format() const
{
    return formats_->currentIndex();
}

qsizetype ExportDialog::content() const
{
    return std::max(choice_->checkedId(), 0);
}

void ExportDialog::showFormat()
{
    const bool folder = offer().format->isFolder();
    only_->setText(offer().contents.front().words);
    for (auto* const button : choice_->buttons()) {
        auto words = offer().contents[choice_->id(button)].words;
        button->setText(words.replace(QLatin1Char('&'), QLatin1String("&&")));
    }
    title_->setText(folder ? tr("&Folder for the dataset") : tr("&File"));
    target_->setToolTip(folder ? tr("The dataset's folder; it is made when it is not there")
                               : tr("The file, in a folder that is there"));
    compact_->setVisible(folder);
    places_[shown_] = targetText();
    shown_ = format();
    {
        const QSignalBlocker once(target_);
        target_->setText(places_[shown_]);
    }
    showContent();
    inspect();
}

void ExportDialog::showContent()
{
    source_->setText(!chosen().refusal.isEmpty() ? chosen().refusal
                     : chosen().readAgain
                         ? tr("The captures are read again, with the filters and options as they are now.")
                         : tr("The packets of the preview are written; the captures are not read again."));
    if (!chosen().readAgain && chosen().refusal.isEmpty() && !offer().format->isFolder())
        source_->setText(tr("The exact engine tells the flows of the preview's packets; the captures are not "
                            "read again."));
    updateExport();
    showSpace();
}

QString ExportDialog::targetText() const
{
    return target_->text().trimmed();
}

bool ExportDialog::compact() const
{
    return compact_->isChecked();
}

bool ExportDialog::replaces() const
{
    return found_ == OutputState::Dataset || found_ == OutputState::File;
}

std::filesystem::path ExportDialog::target() const
{
    return pathFromText(QDir::fromNativeSeparators(targetText()).toStdString());
}

void ExportDialog::browse()
{
    const auto chosen =
        offer().format->isFolder()
            ? QFileDialog::getExistingDirectory(this, tr("Folder for the dataset"), targetText())
            // What is there is asked about when it is known what it is.
            : QFileDialog::getSaveFileName(this, tr("File"), targetText(), {}, nullptr,
                                           QFileDialog::DontConfirmOverwrite);
    if (!chosen.isEmpty())
        target_->setText(QDir::toNativeSeparators(chosen));
}

// Not looked up here: a file system may take its time.
void ExportDialog::inspect()
{
    found_.reset();
    available_.reset();
    state_->clear();
    updateExport();
    showSpace();
    if (!targetText().isEmpty())
        emit inspectionWanted(target());
}

void ExportDialog::updateExport()
{
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(found_.has_value() && chosen().refusal.isEmpty());
}

void ExportDialog::showTarget(const std::filesystem::path& target, const TargetFacts& facts)
{
    if (target != this->target() || targetText().isEmpty())
        return;
    available_ = facts.available;
    if (!facts.state) {
        state_->setText(errorReason(facts.state.error()));
    } else {
        found_ = *facts.state;
        const bool folder = offer().format->isFolder();
        state_->setText(
            *found_ == OutputState::Dataset   ? tr("There is a dataset in this folder. It will be replaced.")
            : *found_ == OutputState::File    ? tr("There is a file of this name. It will be replaced.")
            : !folder                         ? tr("The file will be made.")
            : *found_ == OutputState::Missing ? tr("The folder will be made.")
                                              : tr("The folder is empty; the dataset will be in it."));
    }
    updateExport();
    showSpace();
}

void ExportDialog::showSpace()
{
    const bool known = offer().format->isFolder() && chosen().packets;
    space_->setVisible(known);
    if (known)
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
    const auto needed = offer().format->dataset()->estimatedBytes(*chosen().packets, options);
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
    if (replaces()) {
        const bool file = found_ == OutputState::File;
        QMessageBox question(QMessageBox::Warning,
                             file ? tr("Replace the file?") : tr("Replace the dataset?"),
                             file ? tr("There is a file of this name already. Replace it?")
                                  : tr("There is a dataset in this folder already. Replace it?"),
                             QMessageBox::Cancel, this);
        question.setTextFormat(Qt::PlainText);
        question.setInformativeText(shownPath(target()));
        const auto* const replace = question.addButton(tr("Replace"), QMessageBox::AcceptRole);
        question.exec();
        if (question.clickedButton() != replace)
            return;
    }
    accept();
}

} // namespace packetloom
