// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/capture_words.h"

#include "core/support/text_format.h"
#include "ui/messages.h"

#include <QCoreApplication>
#include <QStringList>

namespace packetloom {
namespace {

struct CaptureWords
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::CaptureWords)
};

} // namespace

QString captureWords(const CaptureFacts& facts)
{
    if (facts.kind == FileKind::Pipe)
        return CaptureWords::tr("This is a pipe: its content can be read only once.");
    if (facts.kind != FileKind::Regular)
        return CaptureWords::tr("This is no file: its content is seen when it is analyzed.");
    QStringList parts;
    if (facts.bytes > 0)
        parts << QString::fromStdString(humanBytes(facts.bytes));
    const auto packed = compressionName(facts.compression);
    parts << (facts.compression != Compression::None
                  ? QString::fromLatin1(packed.data(), qsizetype(packed.size()))
                  : CaptureWords::tr("plain"));
    parts << (facts.format == captureFormatId ? CaptureWords::tr("packet capture")
                                              : CaptureWords::tr("%1 columns").arg(facts.columns.size()));
    if (facts.addressIds)
        parts << CaptureWords::tr("address ids");
    auto text = parts.join(QStringLiteral(", "));
    text += QLatin1Char('\n');
    text += facts.firstTimestamp ? CaptureWords::tr("from %1").arg(shownTime(*facts.firstTimestamp))
                                 : CaptureWords::tr("no readable row at its beginning");
    if (!facts.absent.empty()) {
        QStringList absent;
        for (const auto column : facts.absent)
            absent << QString::fromUtf8(columnName(column).data(), qsizetype(columnName(column).size()));
        text += QLatin1Char('\n') + CaptureWords::tr("without %1").arg(absent.join(QStringLiteral(", ")));
    }
    return text;
}

} // namespace packetloom
