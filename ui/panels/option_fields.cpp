// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/option_fields.h"

#include "ui/messages.h"

#include <QCoreApplication>
#include <QLabel>
#include <QLineEdit>

namespace packetloom {

QLabel* problemLabel()
{
    auto* const label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->hide();
    return label;
}

void setProblem(QLabel* label, const QString& text)
{
    label->setText(text.isEmpty() ? text : QChar(0x26A0) + QStringLiteral(" ") + text);
    label->setVisible(!text.isEmpty());
}

QLineEdit* timeField(const QString& name)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("OptionsPanel", text); };
    auto* const field = new QLineEdit;
    field->setPlaceholderText(tr("any"));
    field->setAccessibleName(name);
    field->setToolTip(tr("UTC, such as 2009-11-03 13:23:35.5, or microseconds since the epoch"));
    return field;
}

QString timeText(const std::optional<std::int64_t>& time)
{
    return time ? shownTime(*time).remove(QStringLiteral(" UTC")).remove(QStringLiteral(" us")) : QString();
}

} // namespace packetloom
