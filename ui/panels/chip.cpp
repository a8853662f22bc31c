// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/chip.h"

#include "ui/models/cell.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <algorithm>

namespace packetloom {
namespace {

constexpr int widest = 420; ///< pixels of text

} // namespace

Chip::Chip(const QString& text, QWidget* parent) : QFrame(parent), text_(text)
{
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setAccessibleName(text);
    setToolTip(plainToolTip(text));
    label_ = new QLabel;
    label_->setTextFormat(Qt::PlainText);
    label_->setMinimumWidth(1);
    auto* const remove = new QToolButton;
    remove->setText(QStringLiteral("✕"));
    remove->setAutoRaise(true);
    remove->setAccessibleName(tr("Take away: %1").arg(text));
    remove->setToolTip(tr("Take this condition away (Delete)"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(label_, 1);
    layout->addWidget(remove);
    label_->setText(text);
    connect(remove, &QToolButton::clicked, this, &Chip::removeWanted);
}

QSize Chip::sizeHint() const
{
    auto size = QFrame::sizeHint();
    const int hintOfLabel = label_->sizeHint().width();
    const int wanted = std::min(label_->fontMetrics().horizontalAdvance(text_) + 2, widest);
    size.setWidth(size.width() - hintOfLabel + wanted);
    return size;
}

void Chip::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    const int room = width() - (QFrame::sizeHint().width() - label_->sizeHint().width());
    label_->setText(label_->fontMetrics().elidedText(text_, Qt::ElideMiddle, std::max(room, 1)));
}

void Chip::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    emit menuWanted(&menu);
    menu.addAction(tr("Take away"), this, &Chip::removeWanted);
    menu.exec(event->globalPos());
}

void Chip::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        emit removeWanted();
    else
        QFrame::keyPressEvent(event);
}

} // namespace packetloom
