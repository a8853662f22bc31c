// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/filter_mark.h"

#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QLineEdit>
#include <QTextCharFormat>

namespace packetloom {

void markText(QLineEdit* line, const FilterProblem* problem)
{
    QList<QInputMethodEvent::Attribute> marks;
    if (problem && problem->length > 0) {
        const auto bytes = line->text().toUtf8();
        const auto begin = QString::fromUtf8(bytes.left(qsizetype(problem->position))).size();
        const auto end = QString::fromUtf8(bytes.left(qsizetype(problem->position + problem->length))).size();
        QTextCharFormat wavy;
        wavy.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wavy.setUnderlineColor(Qt::red);
        marks.append(
            {QInputMethodEvent::TextFormat, int(begin) - line->cursorPosition(), int(end - begin), wavy});
    }
    QInputMethodEvent event(QString(), marks);
    QCoreApplication::sendEvent(line, &event);
}

} // namespace packetloom
