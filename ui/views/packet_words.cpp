// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/packet_words.h"

#include "core/support/text_format.h"
#include "ui/messages.h"
#include "ui/models/words.h"
#include "ui/views/segment_words.h"

#include <QCoreApplication>
#include <QStringList>

namespace packetloom {
namespace {

struct PacketWords
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::PacketWords)
};

QString numberText(std::int64_t number)
{
    return QString::fromStdString(grouped(WideSum(number)));
}

QString bytesText(std::uint64_t bytes)
{
    return QString::fromStdString(humanBytes(bytes));
}

QString flagsText(const TcpFlags& flags)
{
    const FlagTypeName name(flags);
    return QString::fromUtf8(name.text().data(), static_cast<qsizetype>(name.text().size()));
}

QString reasonKey(InvalidReason reason)
{
    const auto name = invalidReasonName(reason);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString lengthText(const FlowTrace& trace, const TracedPacket& packet)
{
    const QString number = numberText(packet.verdict.payload);
    return trace.flow.estimated ? QChar(0x2248) + number : number; // ≈
}

} // namespace

QString segmentLabel(const FlowTrace& trace, const TracedPacket& packet)
{
    const SegmentVerdict& verdict = packet.verdict;
    if (verdict.marks & Ignored)
        return flagsText(packet.packet.flags);
    QStringList parts{flagsText(packet.packet.flags),
                      PacketWords::tr("Seq %1").arg(numberText(verdict.relativeSequence))};
    if (packet.packet.flags.has(TcpFlags::ack))
        parts += PacketWords::tr("Ack %1").arg(numberText(verdict.relativeAcknowledgment));
    if (verdict.payload > 0)
        parts += PacketWords::tr("Len %1").arg(lengthText(trace, packet));
    return parts.join(QStringLiteral("  "));
}

QString packetNote(const FlowTrace& trace, const TracedPacket& packet)
{
    QStringList notes;
    if (packet.row == trace.decidingRow)
        notes += PacketWords::tr("the reference: %1").arg(reasonKey(trace.life.invalidReason));
    if (const QString marks = markWords(packet.verdict.marks); !marks.isEmpty())
        notes += marks;
    return notes.join(QStringLiteral("; "));
}

QString foldLabel(const LadderLine& line)
{
    QStringList sides;
    const std::array<QChar, 2> arrows{QChar(0x2192), QChar(0x2190)}; // → ←
    for (std::size_t side = 0; side < 2; ++side) {
        if (line.packets[side] == 0)
            continue;
        QString text = QStringLiteral("%1 %2").arg(shownNumber(line.packets[side]), arrows[side]);
        if (line.payload[side] > 0)
            text += QLatin1Char(' ') + bytesText(line.payload[side]);
        sides += text;
    }
    const auto span = static_cast<std::uint64_t>(line.to) - static_cast<std::uint64_t>(line.from);
    return (line.count() == 1 ? PacketWords::tr("1 packet in %2: %3")
                              : PacketWords::tr("%1 packets in %2: %3").arg(shownNumber(line.count())))
        .arg(QString::fromStdString(timeSpan(span)), sides.join(QStringLiteral(", ")));
}

QString foldNote(const LadderLine& line)
{
    QStringList notes;
    if (line.retransmissions > 0)
        notes += line.retransmissions == 1
                     ? PacketWords::tr("1 retransmission")
                     : PacketWords::tr("%1 retransmissions").arg(shownNumber(line.retransmissions));
    if (line.repeated > 0)
        notes += line.repeated == 1 ? PacketWords::tr("1 duplicate ACK")
                                    : PacketWords::tr("%1 duplicate ACKs").arg(shownNumber(line.repeated));
    if (line.unkept > 0)
        notes += line.unkept == line.count()
                     ? PacketWords::tr("to be read again to see them")
                     : PacketWords::tr("%1 of them to be read again").arg(shownNumber(line.unkept));
    return notes.join(QStringLiteral(", "));
}

QString phaseWords(FlowPhase phase)
{
    switch (phase) {
    case FlowPhase::Establishment:
        return PacketWords::tr("establishment");
    case FlowPhase::DataTransfer:
        return PacketWords::tr("data transfer");
    case FlowPhase::Closing:
        return PacketWords::tr("closing");
    }
    return {};
}

QString secondsText(std::int64_t microseconds)
{
    const bool before = microseconds < 0;
    const auto size =
        before ? ~static_cast<std::uint64_t>(microseconds) + 1 : static_cast<std::uint64_t>(microseconds);
    constexpr std::uint64_t second = 1'000'000;
    constexpr int decimals = 6;
    return (before ? QString(QChar(0x2212)) : QString()) + shownNumber(size / second) + QLatin1Char('.') +
           QStringLiteral("%1").arg(size % second, decimals, 10, QLatin1Char('0'));
}

QString lineSentence(const LadderLines& lines, std::size_t at, const FlowEnds& ends)
{
    const FlowTrace& trace = *lines.trace();
    const LadderLine& line = lines.lines()[at];
    const auto since = [&](std::int64_t time) {
        return secondsText(static_cast<std::int64_t>(static_cast<std::uint64_t>(time) -
                                                     static_cast<std::uint64_t>(trace.flow.start)));
    };
    if (line.fold) {
        QString text = PacketWords::tr("from %1 s: %2").arg(since(line.from), foldLabel(line));
        if (const QString note = foldNote(line); !note.isEmpty())
            text += QStringLiteral("; ") + note;
        return text;
    }
    const TracedPacket& packet = trace.packets[line.first];
    const bool forth = packet.verdict.fromOriginator;
    QString text = PacketWords::tr("Packet %1 of %2, at %3 s, %4 to %5: %6")
                       .arg(shownNumber(packet.index + 1), shownNumber(trace.packetCount),
                            since(packet.packet.timestamp), forth ? ends.originator : ends.responder,
                            forth ? ends.responder : ends.originator, segmentLabel(trace, packet));
    if (packet.verdict.window >= 0)
        text += PacketWords::tr("  Win %1").arg(numberText(packet.verdict.window));
    if (lines.beginsPhase(line.first))
        text += QStringLiteral("; ") + phaseWords(packet.phase);
    if (const QString note = packetNote(trace, packet); !note.isEmpty())
        text += QStringLiteral("; ") + note;
    return text;
}

} // namespace packetloom
