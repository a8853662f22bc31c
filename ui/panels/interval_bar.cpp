// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/interval_bar.h"

#include "ui/messages.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace packetloom {

IntervalBar::IntervalBar(QWidget* parent) : QWidget(parent)
{
    text_ = new QLabel;
    text_->setTextFormat(Qt::PlainText);
    text_->setWordWrap(true);
    auto* const useWindow = new QPushButton(tr("Use as time window"));
    useWindow->setToolTip(tr("Take the marked interval into the filters of the next analysis"));
    auto* const clear = new QPushButton(tr("Clear"));
    clear->setToolTip(tr("Take the mark away and show everything again"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 0, 6, 2);
    layout->addWidget(text_, 1);
    layout->addWidget(useWindow);
    layout->addWidget(clear);
    connect(clear, &QPushButton::clicked, this, &IntervalBar::clearWanted);
    connect(useWindow, &QPushButton::clicked, this, [this] {
        if (interval_)
            emit timeWindowWanted(interval_->first, interval_->second);
    });
    hide();
}

void IntervalBar::setInterval(const std::optional<std::pair<qint64, qint64>>& interval)
{
    interval_ = interval;
    setVisible(interval.has_value());
    if (interval)
        text_->setText(tr("Only what is in the marked interval: %1 to %2")
                           .arg(shownTime(interval->first), shownTime(interval->second)));
}

} // namespace packetloom
