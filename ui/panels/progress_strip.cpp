// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/progress_strip.h"

#include "core/support/process_memory.h"
#include "core/support/text_format.h"
#include "ui/messages.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace packetloom {

ProgressStrip::ProgressStrip(QWidget* parent) : QWidget(parent)
{
    what_ = new QLabel;
    what_->setTextFormat(Qt::PlainText);
    bar_ = new QProgressBar;
    bar_->setMinimumWidth(120);
    bar_->setMaximumWidth(260);
    bar_->setAccessibleName(tr("Progress"));
    figures_ = new QLabel;
    figures_->setTextFormat(Qt::PlainText);
    figures_->setMinimumWidth(60);
    cancel_ = new QPushButton(tr("Cancel"));
    cancel_->setToolTip(tr("Stop (Esc); nothing is left behind"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 4);
    layout->addWidget(what_);
    layout->addWidget(bar_, 1);
    layout->addWidget(figures_, 2);
    layout->addWidget(cancel_);
    connect(cancel_, &QPushButton::clicked, this, &ProgressStrip::cancelRequested);
    hide();
}

void ProgressStrip::begin(const QString& what)
{
    what_->setText(what);
    figures_->clear();
    bar_->setRange(0, 0);
    cancel_->setEnabled(true);
    show();
}

void ProgressStrip::setProgress(const Progress& progress, double seconds)
{
    if (progress.bytesTotal > 0 && progress.phase == Phase::Reading) {
        bar_->setRange(0, 1000);
        bar_->setValue(static_cast<int>(1000.0 * static_cast<double>(progress.bytesDone) /
                                        static_cast<double>(progress.bytesTotal)));
    } else {
        bar_->setRange(0, 0);
    }
    figures_->setText(figures(progress, seconds, residentBytes()));
}

void ProgressStrip::setCancelling(bool again)
{
    cancel_->setEnabled(again);
    figures_->setText(again ? tr("stopping… Cancel again to drop what was read") : tr("stopping…"));
}

QString ProgressStrip::figures(const Progress& progress, double seconds, std::uint64_t memoryBytes)
{
    QStringList parts;
    if (progress.rows > 0)
        parts << tr("%1 rows").arg(shownNumber(progress.rows));
    if (progress.rows > 0 && seconds >= 0.3)
        parts << tr("%1 rows/s")
                     .arg(shownNumber(
                         static_cast<std::uint64_t>(static_cast<double>(progress.rows) / seconds)));
    parts << QString::fromStdString(clockTime(seconds));
    if (progress.phase == Phase::Reading && progress.bytesTotal > 0 && progress.bytesDone > 0 &&
        seconds >= 1) {
        const double whole =
            seconds * static_cast<double>(progress.bytesTotal) / static_cast<double>(progress.bytesDone);
        parts << tr("%1 left").arg(QString::fromStdString(clockTime(whole - seconds)));
    } else if (progress.phase != Phase::Reading) {
        parts << (progress.phase == Phase::OpenFlows ? tr("open flows") : tr("finishing"));
    }
    if (progress.rows > 0)
        parts << tr("%1 open flows").arg(shownNumber(progress.openFlows));
    if (progress.rejected > 0)
        parts << tr("%1 rejected").arg(shownNumber(progress.rejected));
    if (memoryBytes > 0)
        parts << QString::fromStdString(humanBytes(memoryBytes));
    return parts.join(QStringLiteral("   "));
}

} // namespace packetloom
