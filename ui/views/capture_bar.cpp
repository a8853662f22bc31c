// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/capture_bar.h"

#include "ui/messages.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace packetloom {
namespace {

constexpr int permille = 1000;

} // namespace

CaptureBar::CaptureBar(QWidget* parent)
    : QWidget(parent),
      text_(new QLabel),
      progress_(new QProgressBar),
      save_(new QPushButton(tr("Save them…"))),
      close_(new QPushButton)
{
    text_->setTextFormat(Qt::PlainText);
    text_->setWordWrap(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    progress_->setRange(0, permille);
    progress_->setFormat(tr("reading the captures again: %p %"));
    progress_->setAccessibleName(tr("How much of the captures is read again"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(text_, 1);
    layout->addWidget(progress_, 1);
    layout->addWidget(save_);
    layout->addWidget(close_);
    connect(save_, &QPushButton::clicked, this, &CaptureBar::saveWanted);
    connect(close_, &QPushButton::clicked, this, [this] {
        if (busy_)
            emit cancelled();
        leave();
    });
    leave();
}

QString CaptureBar::text() const
{
    return text_->text();
}

void CaptureBar::say(const QString& text, bool busy, bool offersSaving)
{
    busy_ = busy;
    text_->setText(text);
    text_->setVisible(!busy);
    progress_->setVisible(busy);
    save_->setVisible(offersSaving);
    close_->setText(busy ? tr("Cancel") : tr("Close"));
    show();
}

void CaptureBar::begin()
{
    progress_->setValue(0);
    say({}, true, false);
}

void CaptureBar::setProgress(double part)
{
    progress_->setValue(static_cast<int>(part * permille));
}

void CaptureBar::showResult(const QString& path, const FlowCapture& capture, bool temporary, bool opened)
{
    const auto place = shownText(path.toStdString());
    const auto written =
        capture.written == 1 ? tr("1 packet") : tr("%1 packets").arg(shownNumber(capture.written));
    QString said;
    if (opened)
        said = tr("Wireshark was started with the %1 of this flow.").arg(written);
    else if (temporary)
        said = tr("Wireshark was not found. The %1 of this flow are in %2 until this program ends.")
                   .arg(written, place);
    else
        said = tr("The %1 of this flow are in %2.").arg(written, place);
    if (capture.written < capture.expected)
        said += QLatin1Char(' ') +
                tr("The flow has %1: the others were not found again. Was a capture changed, or is "
                   "a part of the flow from a table?")
                    .arg(shownNumber(capture.expected));
    say(said, false, temporary && !opened);
}

void CaptureBar::showProblem(const Error& error)
{
    if (error.code == Errc::Cancelled)
        return leave();
    say(errorMessage(error), false, false);
}

void CaptureBar::leave()
{
    busy_ = false;
    hide();
}

} // namespace packetloom
