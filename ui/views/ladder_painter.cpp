// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/ladder_painter.h"

#include "ui/charts/flow_colors.h"
#include "ui/views/packet_words.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace packetloom {
namespace {

constexpr int gap = 8, arrowHead = 5;
constexpr int narrow = 560, veryNarrow = 420; ///< pixels

QString tr(const char* text)
{
    return QCoreApplication::translate("LadderView", text);
}

} // namespace

LadderPainter::LadderPainter(const LadderLines& lines, const FlowEnds& ends, const QFont& font,
                             const QPalette& palette, int width)
    : lines_(lines), ends_(ends), font_(font), metrics_(font), palette_(palette), dark_(isDark(palette))
{
    // A long flow has long times.
    const std::int64_t longest =
        lines.trace()
            ? std::max(lines.trace()->flow.lastPacket - lines.trace()->flow.start, std::int64_t{10'000'000})
            : std::int64_t{10'000'000};
    const int time =
        std::max(metrics_.horizontalAdvance(secondsText(longest)), metrics_.horizontalAdvance(tr("time, s")));
    columns_.time = gap + time;
    int begin = columns_.time;
    if (width >= narrow) {
        const int step = std::max(metrics_.horizontalAdvance(QStringLiteral("+0.000000")) + gap / 2,
                                  metrics_.horizontalAdvance(tr("step, s")));
        columns_.step = begin + gap + step;
        begin = columns_.step;
    }
    columns_.left = begin + 2 * gap;
    columns_.right = width - 2 * gap;
    if (width >= veryNarrow + narrow / 2) {
        const int notes = std::min(width / 4, metrics_.averageCharWidth() * 34);
        columns_.notes = width - notes;
        columns_.right = columns_.notes - gap;
    }
    columns_.right = std::max(columns_.right, columns_.left + 4 * arrowHead);
}

int LadderPainter::lineHeight() const
{
    return metrics_.height() + 2 * arrowHead + 2;
}

int LadderPainter::headHeight() const
{
    return 2 * metrics_.height() + gap;
}

QString LadderPainter::elided(const QString& text, int width) const
{
    return metrics_.elidedText(text, Qt::ElideRight, width);
}

// The viewers' colours of the phases: blue, green, orange.
QColor LadderPainter::phaseColour(FlowPhase phase) const
{
    switch (phase) {
    case FlowPhase::Establishment:
        return packetClassColor(PacketClass::Syn, dark_);
    case FlowPhase::DataTransfer:
        return packetClassColor(PacketClass::Push, dark_);
    case FlowPhase::Closing:
        return packetClassColor(PacketClass::Fin, dark_);
    }
    return {};
}

void LadderPainter::paintHead(QPainter& painter, const QRect& rect) const
{
    painter.setFont(font_);
    painter.setPen(palette_.color(QPalette::Text));
    const int line = metrics_.height(), top = rect.top() + gap / 2;
    const auto right = [&](int end, const QString& text) {
        painter.drawText(QRect(rect.left(), top + line, end, line), int(Qt::AlignRight | Qt::AlignVCenter),
                         text);
    };
    right(columns_.time, tr("time, s"));
    if (columns_.step > 0)
        right(columns_.step, tr("step, s"));
    if (columns_.notes > 0)
        painter.drawText(QRect(rect.left() + columns_.notes, top + line, rect.width() - columns_.notes, line),
                         int(Qt::AlignLeft | Qt::AlignVCenter), tr("note"));
    const int room = (columns_.right - columns_.left) / 2 - gap;
    const auto host = [&](int at, Qt::Alignment side, const QString& role, const QString& name) {
        const int begin = rect.left() + at + (side == Qt::AlignRight ? -room : 0);
        painter.drawText(QRect(begin, top, room, line), int(side | Qt::AlignVCenter),
                         metrics_.elidedText(name, Qt::ElideMiddle, room));
        painter.drawText(QRect(begin, top + line, room, line), int(side | Qt::AlignVCenter),
                         elided(role, room));
    };
    host(columns_.left, Qt::AlignLeft, tr("originator"), ends_.originator);
    host(columns_.right, Qt::AlignRight, tr("responder"), ends_.responder);
    painter.setPen(palette_.color(QPalette::Mid));
    painter.drawLine(rect.bottomLeft(), rect.bottomRight());
}

void LadderPainter::paintTimes(QPainter& painter, const QRect& rect, std::size_t line) const
{
    const auto& all = lines_.lines();
    const auto between = [](std::int64_t from, std::int64_t to) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
    };
    painter.setPen(palette_.color(QPalette::Text));
    const auto right = [&](int end, const QString& text) {
        painter.drawText(QRect(rect.left(), rect.top(), end, rect.height()),
                         int(Qt::AlignRight | Qt::AlignVCenter), text);
    };
    right(columns_.time, secondsText(between(lines_.trace()->flow.start, all[line].from)));
    if (columns_.step > 0 && line > 0)
        right(columns_.step, QLatin1Char('+') + secondsText(between(all[line - 1].to, all[line].from)));
}

void LadderPainter::paintLine(QPainter& painter, const QRect& rect, std::size_t at, const Mark& mark) const
{
    const LadderLine& line = lines_.lines()[at];
    painter.setFont(font_);
    const auto& trace = *lines_.trace();
    const bool deciding = !line.fold && trace.packets[line.first].row == trace.decidingRow;
    if (deciding) {
        QColor tint = flowOutcomeColor(outcomeOf(trace.life.closeType, trace.life.invalidReason), dark_);
        tint.setAlpha(60);
        painter.fillRect(rect, tint);
    }
    if (mark.current) {
        QColor tint = palette_.color(QPalette::Highlight);
        tint.setAlpha(mark.focus ? 70 : 40);
        painter.fillRect(rect, tint);
        painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()),
                         palette_.color(QPalette::Highlight));
    }
    painter.setPen(palette_.color(QPalette::Mid));
    for (const int lane : {columns_.left, columns_.right})
        painter.drawLine(rect.left() + lane, rect.top(), rect.left() + lane, rect.bottom());
    paintTimes(painter, rect, at);
    if (line.fold)
        paintFold(painter, rect, line);
    else
        paintPacket(painter, rect, line);
}

void LadderPainter::paintPacket(QPainter& painter, const QRect& rect, const LadderLine& line) const
{
    const auto& trace = *lines_.trace();
    const TracedPacket& packet = trace.packets[line.first];
    const bool forth = packet.verdict.fromOriginator, again = (packet.verdict.marks & Retransmission) != 0;
    const bool reset = packet.packet.flags.has(TcpFlags::rst);
    const QColor colour = reset ? packetClassColor(PacketClass::Rst, dark_) : phaseColour(packet.phase);
    const int left = rect.left() + columns_.left, right = rect.left() + columns_.right;
    const int y = rect.bottom() - arrowHead - 1;
    const int from = forth ? left : right, to = forth ? right : left, back = forth ? -1 : 1;

    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(colour, packet.verdict.payload > 0 ? 2.0 : 1.2);
    if (again)
        pen.setStyle(Qt::DashLine);
    painter.setPen(pen);
    painter.drawLine(QPointF(from, y), QPointF(to + back * arrowHead, y));
    painter.setPen(QPen(colour, 1.5));
    QPainterPath head;
    head.moveTo(to, y);
    head.lineTo(to + back * 2 * arrowHead, y - arrowHead);
    head.lineTo(to + back * 2 * arrowHead, y + arrowHead);
    head.closeSubpath();
    painter.fillPath(head, colour);
    if (reset) { // a cross on the way
        const QPointF middle(to + back * 5 * arrowHead, y);
        const QPointF a(arrowHead - 1, arrowHead - 1), b(arrowHead - 1, 1 - arrowHead);
        painter.drawLine(middle - a, middle + a);
        painter.drawLine(middle - b, middle + b);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);

    QString note = packetNote(trace, packet);
    if (lines_.beginsPhase(line.first))
        note = note.isEmpty() ? phaseWords(packet.phase)
                              : phaseWords(packet.phase) + QStringLiteral("; ") + note;
    QString label = segmentLabel(trace, packet);
    if (columns_.notes == 0 && !note.isEmpty())
        label += QStringLiteral("  ") + note;
    painter.setPen(palette_.color(QPalette::Text));
    const QRect over(left + gap, rect.top(), right - left - 2 * gap, metrics_.height() + 1);
    painter.drawText(over, int((forth ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignBottom),
                     elided(label, over.width()));
    paintNote(painter, rect, note, palette_.color(QPalette::Text));
}

void LadderPainter::paintFold(QPainter& painter, const QRect& rect, const LadderLine& line) const
{
    const int left = rect.left() + columns_.left, right = rect.left() + columns_.right;
    const QRect band(left + gap, rect.top() + 3, right - left - 2 * gap, rect.height() - 6);
    QColor fill = packetClassColor(PacketClass::Push, dark_);
    fill.setAlpha(dark_ ? 60 : 40);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen border(packetClassColor(PacketClass::Push, dark_), 1);
    if (!line.opens())
        border.setStyle(Qt::DotLine);
    painter.setPen(border);
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(band).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setBrush(Qt::NoBrush);
    painter.setRenderHint(QPainter::Antialiasing, false);
    QString note = foldNote(line);
    QString label = foldLabel(line);
    if (line.opens())
        label = QChar(0x25b8) + QStringLiteral(" ") + label; // ▸
    if (columns_.notes == 0 && !note.isEmpty())
        label += QStringLiteral("  ") + note;
    painter.setPen(palette_.color(QPalette::Text));
    painter.drawText(band, Qt::AlignCenter, elided(label, band.width() - 2 * gap));
    paintNote(painter, rect, note, palette_.color(QPalette::Text));
}

void LadderPainter::paintNote(QPainter& painter, const QRect& rect, const QString& note,
                              const QColor& colour) const
{
    if (columns_.notes == 0 || note.isEmpty())
        return;
    painter.setPen(colour);
    const QRect room(rect.left() + columns_.notes, rect.top(), rect.width() - columns_.notes - gap,
                     rect.height());
    painter.drawText(room, int(Qt::AlignLeft | Qt::AlignVCenter), elided(note, room.width()));
}

} // namespace packetloom
