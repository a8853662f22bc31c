// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QString>

namespace packetloom::test {

/// Whether a label begins with this and is not hidden.
inline bool says(const QWidget& widget, const QString& text)
{
    for (const auto* const label : widget.findChildren<QLabel*>()) {
        if (label->text().startsWith(text) && !label->isHidden())
            return true;
    }
    return false;
}

/// The one that accepts the dialog.
inline QPushButton* exportButton(const QWidget& dialog)
{
    return dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
}

} // namespace packetloom::test
