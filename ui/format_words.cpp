// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/format_words.h"

#include <QCoreApplication>

namespace packetloom {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("FormatWords", text);
}

} // namespace

QString formatWords(const OutputFormat& format)
{
    if (format.isFolder())
        return tr("Dataset for TimeArcs");
    return format.id == "conn-log"    ? tr("Zeek conn.log")
           : format.id == "conn-json" ? tr("conn.log as JSON lines")
                                      : idOf(format);
}

QString formatEnding(const OutputFormat& format)
{
    return format.isFolder()          ? QStringLiteral("-dataset")
           : format.id == "conn-json" ? QStringLiteral("-conn.json")
                                      : QStringLiteral("-conn.log");
}

QString idOf(const OutputFormat& format)
{
    return QString::fromLatin1(format.id.data(), qsizetype(format.id.size()));
}

} // namespace packetloom
