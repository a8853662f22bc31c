// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/segment_words.h"

#include <QCoreApplication>
#include <QStringList>

namespace packetloom {

QString markWords(SegmentMarks marks)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("SegmentWords", text); };
    QStringList words;
    if ((marks & SpuriousRetransmission) != 0)
        words << tr("spurious retransmission");
    else if ((marks & FastRetransmission) != 0)
        words << tr("fast retransmission");
    else if ((marks & Retransmission) != 0)
        words << tr("retransmission");
    if ((marks & OutOfOrder) != 0)
        words << tr("out of order");
    if ((marks & GapBefore) != 0)
        words << tr("gap before it");
    if ((marks & AckOfUnseen) != 0)
        words << tr("ACK of unseen data");
    if ((marks & DuplicateAck) != 0)
        words << tr("duplicate ACK");
    if ((marks & ZeroWindowProbe) != 0)
        words << tr("zero window probe");
    else if ((marks & ZeroWindow) != 0)
        words << tr("zero window");
    if ((marks & WindowFull) != 0)
        words << tr("fills the window");
    if ((marks & KeepAliveAck) != 0)
        words << tr("answer to a keep-alive");
    else if ((marks & KeepAlive) != 0)
        words << tr("keep-alive");
    if ((marks & WindowUpdate) != 0)
        words << tr("window update");
    if ((marks & Ignored) != 0)
        words << tr("damaged, not believed");
    return words.join(QStringLiteral(", "));
}

} // namespace packetloom
