// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/copy_note.h"

#include "ui/messages.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace packetloom {
namespace {

constexpr std::chrono::seconds readingTime{4};
constexpr int margin = 8;

} // namespace

CopyNote::CopyNote(RowCopier& copier, QWidget* table) : QFrame(table), copier_(copier)
{
    setObjectName(QStringLiteral("copying"));
    setFrameShape(StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Window);
    text_ = new QLabel;
    text_->setTextFormat(Qt::PlainText);
    cancel_ = new QPushButton(tr("Cancel copying"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(margin, margin / 2, margin / 2, margin / 2);
    layout->addWidget(text_);
    layout->addWidget(cancel_);
    hide();
    away_.setSingleShot(true);
    away_.setInterval(readingTime);
    connect(&away_, &QTimer::timeout, this, &QWidget::hide);
    connect(cancel_, &QPushButton::clicked, &copier_, &RowCopier::cancel);
    connect(&copier_, &RowCopier::progressed, this, [this](qint64 rows, qint64 of) {
        say(tr("Copying: %1 of %2 rows")
                .arg(shownNumber(std::uint64_t(rows)), shownNumber(std::uint64_t(of))),
            true);
    });
    connect(&copier_, &RowCopier::finished, this, [this](const QString& csv, qint64 rows) {
        QApplication::clipboard()->setText(csv);
        if (isVisible())
            say(tr("%1 rows are on the clipboard.").arg(shownNumber(std::uint64_t(rows))), false);
    });
    connect(&copier_, &RowCopier::failed, this, [this](RowCopier::Failure why) {
        switch (why) {
        case RowCopier::Failure::Cancelled:
            return say(tr("Nothing was copied."), false);
        case RowCopier::Failure::Changed:
            return say(tr("The table has changed: nothing was copied."), false);
        case RowCopier::Failure::TooMuch:
            return say(tr("That is too much for a clipboard: nothing was copied. Choose fewer rows or hide "
                          "columns, or export."),
                       false);
        }
    });
}

void CopyNote::say(const QString& text, bool cancels)
{
    text_->setText(text);
    cancel_->setVisible(cancels);
    if (cancels)
        away_.stop();
    else
        away_.start();
    show();
    place();
    raise();
}

void CopyNote::place()
{
    if (isHidden())
        return;
    adjustSize();
    const QSize room = parentWidget()->size();
    setGeometry(std::max((room.width() - width()) / 2, 0), room.height() - height() - 3 * margin,
                std::min(width(), room.width()), height());
}

} // namespace packetloom
