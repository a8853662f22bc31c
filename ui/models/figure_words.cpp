// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/figure_words.h"

#include <QCoreApplication>
#include <array>

namespace packetloom {
namespace {

// By FlowFigure. In the context of the table of flows, whose titles they are.
constexpr std::array<FigureTexts, flowFigureCount> texts{{
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "History"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "What happened, a letter an event: Zeek's history. Capitals are the originator's")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "End reason"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Why no more packets belong to the flow")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Completeness"),
     QT_TRANSLATE_NOOP(
         "packetloom::FlowTableModel",
         "Which parts were seen, as Wireshark counts them: SYN 1, SYN+ACK 2, ACK 4, data 8, FIN "
         "16, RST 32")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "One-sided"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "1 where packets of one side alone were captured")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Estimated"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "1 where the input does not tell payloads: they are estimated from frame lengths")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Handshake RTT"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Time from the SYN to the ACK of the SYN+ACK")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "SYN to SYN+ACK"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "The half of the handshake's round trip between the capture and the responder")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "SYN+ACK to ACK"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "The half of the handshake's round trip between the capture and the originator")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "RTT min"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Shortest time from a segment of the originator to its ACK")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "RTT median"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Median time from a segment of the originator to its ACK")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "RTT max"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Longest time from a segment of the originator to its ACK")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder RTT min"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Shortest time from a segment of the responder to its ACK")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder RTT median"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Median time from a segment of the responder to its ACK")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder RTT max"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Longest time from a segment of the responder to its ACK")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "First response"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Time from the originator's first data to the responder's")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Longest silence"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Longest time between two packets")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator packets"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Packets of the originator")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder packets"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Packets of the responder")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator IP bytes"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Bytes of the originator's IP packets")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder IP bytes"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Bytes of the responder's IP packets")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator bytes"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Bytes of the originator's stream, by sequence numbers; of UDP its payloads")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder bytes"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Bytes of the responder's stream, by sequence numbers; of UDP its payloads")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Payload"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Bytes of all payloads both ways, those that were sent again included")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Goodput"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Bytes of payload both ways that were new")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Missed bytes"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Bytes of the streams that were acknowledged and not captured")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Segments that were sent again, of all kinds")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Retransmitted ‰"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments that were sent again, in thousandths of those with payload")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Fast retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Segments that were sent again after duplicate ACKs")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Spurious retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments that were sent again although they had been acknowledged")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Out of order"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Segments that came after those behind them")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Gaps"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Segments before which something was not captured")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Duplicate ACKs"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "ACKs that acknowledge nothing new")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Zero windows"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Segments that offer no room to receive")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Window full"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Segments that fill the other side's window")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Keep-alives"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments that only ask whether the other side is there")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator payload"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Bytes of all payloads of the originator, those that were sent again included")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator goodput"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Bytes of payload of the originator that were new")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator missed bytes"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Bytes of the originator's stream that were acknowledged and not captured")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments that the originator sent again, of all kinds")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator retransmitted ‰"),
     QT_TRANSLATE_NOOP(
         "packetloom::FlowTableModel",
         "Segments that the originator sent again, in thousandths of its segments with payload")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator fast retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments that the originator sent again after duplicate ACKs")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator spurious retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments that the originator sent again although they had been acknowledged")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator out of order"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the originator that came after those behind them")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator gaps"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the originator before which something was not captured")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator duplicate ACKs"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "ACKs of the originator that acknowledge nothing new")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator zero windows"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the originator that offer no room to receive")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator window full"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the originator that fill the other side's window")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Originator keep-alives"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the originator that only ask whether the other side is there")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder payload"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Bytes of all payloads of the responder, those that were sent again included")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder goodput"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Bytes of payload of the responder that were new")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder missed bytes"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Bytes of the responder's stream that were acknowledged and not captured")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Segments that the responder sent again, of all kinds")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder retransmitted ‰"),
     QT_TRANSLATE_NOOP(
         "packetloom::FlowTableModel",
         "Segments that the responder sent again, in thousandths of its segments with payload")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder fast retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments that the responder sent again after duplicate ACKs")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder spurious retransmissions"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments that the responder sent again although they had been acknowledged")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder out of order"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the responder that came after those behind them")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder gaps"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the responder before which something was not captured")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder duplicate ACKs"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "ACKs of the responder that acknowledge nothing new")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder zero windows"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the responder that offer no room to receive")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder window full"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the responder that fill the other side's window")},
    {QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Responder keep-alives"),
     QT_TRANSLATE_NOOP("packetloom::FlowTableModel",
                       "Segments of the responder that only ask whether the other side is there")},
}};

// By FigureSide, in the same context: what a menu of such columns is called.
constexpr std::array<const char*, figureSideCount> sides{
    QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Figures of the flow"),
    QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Figures of the originator"),
    QT_TRANSLATE_NOOP("packetloom::FlowTableModel", "Figures of the responder"),
};

} // namespace

const FigureTexts& figureTexts(FlowFigure figure)
{
    return texts[static_cast<std::size_t>(figure)];
}

const char* figureGroup(FlowFigure figure)
{
    return sides[static_cast<std::size_t>(factsOf(figure).side)];
}

QString figureMeaning(FlowFigure figure)
{
    return QCoreApplication::translate("packetloom::FlowTableModel", figureTexts(figure).tip);
}

} // namespace packetloom
