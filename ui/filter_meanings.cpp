// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/filter_messages.h"
#include "ui/models/figure_words.h"

#include <QCoreApplication>

namespace packetloom {
namespace {

struct FilterMeanings
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::FilterMeanings)
};

QString tr(const char* text)
{
    return FilterMeanings::tr(text);
}

QString meaningOf(FilterField field)
{
    switch (field) {
    case FilterField::Source:
        return tr("address of the sender; of a flow: of the initiator");
    case FilterField::Destination:
        return tr("address of the receiver; of a flow: of the responder");
    case FilterField::Address:
        return tr("either address");
    case FilterField::SourcePort:
        return tr("port of the sender");
    case FilterField::DestinationPort:
        return tr("port of the receiver");
    case FilterField::Port:
        return tr("either port");
    case FilterField::Protocol:
        return tr("protocol, by name or number");
    case FilterField::Service:
        return tr("what usually listens on the port");
    case FilterField::Time:
        return tr("time of the packet; of a flow: any time between start and end");
    case FilterField::Initiator:
        return tr("who opened the flow");
    case FilterField::Responder:
        return tr("the other end of the flow");
    case FilterField::Number:
        return tr("the number of the flow");
    case FilterField::Start:
        return tr("time of the flow's first packet");
    case FilterField::End:
        return tr("time of the flow's last packet");
    case FilterField::Duration:
        return tr("time between the flow's first and last packet");
    case FilterField::Packets:
        return tr("packets of the flow, both ways");
    case FilterField::Bytes:
        return tr("bytes of the flow, both ways");
    case FilterField::State:
        return tr("state of the flow");
    case FilterField::Close:
        return tr("how the flow closed");
    case FilterField::Reason:
        return tr("why the flow is invalid");
    case FilterField::Timeout:
        return tr("the flow ended by inactivity alone");
    case FilterField::Length:
        return tr("bytes of the packet");
    case FilterField::Sequence:
        return tr("TCP sequence number, as sent");
    case FilterField::Acknowledgment:
        return tr("TCP acknowledgment number, as sent");
    case FilterField::Flags:
        return tr("all TCP flags");
    default:
        if (const auto figure = figureOf(field))
            return figureMeaning(*figure);
        return tr("a TCP flag of the packet");
    }
}

} // namespace

QString filterCandidateMeaning(const FilterCandidate& candidate)
{
    switch (candidate.kind) {
    case FilterCandidate::Kind::Field:
        return meaningOf(*candidate.field);
    case FilterCandidate::Kind::Word:
        return meaningOf(*candidate.field);
    case FilterCandidate::Kind::Joint:
        return candidate.text == "flow(" ? tr("asked of the packet's flow") : QString();
    default:
        return {};
    }
}

} // namespace packetloom
