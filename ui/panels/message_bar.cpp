// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/message_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace packetloom {

MessageBar::MessageBar(QWidget* parent) : QFrame(parent)
{
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    icon_ = new QLabel;
    label_ = new QLabel;
    label_->setTextFormat(Qt::PlainText);
    label_->setWordWrap(true);
    label_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* const close = new QToolButton;
    close->setIcon(style()->standardIcon(QStyle::SP_TitleBarCloseButton));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close this message"));
    close->setAccessibleName(close->toolTip());
    close_ = close;
    actionRow_ = new QHBoxLayout;
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 4, 4);
    layout->addWidget(icon_);
    layout->addWidget(label_, 1);
    layout->addLayout(actionRow_);
    layout->addWidget(close);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    hide();
}

void MessageBar::show(Tone tone, const QString& text, const std::vector<Action>& actions)
{
    const auto icon = tone == Tone::Error     ? QStyle::SP_MessageBoxCritical
                      : tone == Tone::Warning ? QStyle::SP_MessageBoxWarning
                                              : QStyle::SP_MessageBoxInformation;
    icon_->setPixmap(style()->standardIcon(icon).pixmap(20, 20));
    label_->setText(text);
    setAccessibleName(text);
    for (auto* const button : buttons_) {
        button->hide();
        button->deleteLater(); // it may be the one that was clicked
    }
    buttons_.clear();
    QWidget* before = label_; // by Tab as they stand
    for (const auto& action : actions) {
        auto* const button = new QPushButton(action.text);
        connect(button, &QPushButton::clicked, this, [this, action] {
            if (action.closes)
                hide();
            action.run(); // it may show another message
        });
        actionRow_->addWidget(button);
        buttons_.push_back(button);
        setTabOrder(before, button);
        before = button;
    }
    setTabOrder(before, close_);
    QFrame::show();
}

QString MessageBar::text() const
{
    return isVisibleTo(parentWidget()) ? label_->text() : QString();
}

} // namespace packetloom
