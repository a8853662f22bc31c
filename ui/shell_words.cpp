// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell_words.h"

#include "core/support/path_text.h"

#include <QRegularExpression>

namespace packetloom {

QString shellQuoted(const std::string& text)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_@%+=:,./-]+\\z"));
    auto word = QString::fromStdString(text);
    if (plain.match(word).hasMatch())
        return word;
    return QLatin1Char('\'') + word.replace(QLatin1Char('\''), QLatin1String("'\\''")) + QLatin1Char('\'');
}

QString shellQuoted(const std::filesystem::path& path)
{
    return shellQuoted(pathText(path));
}

} // namespace packetloom
