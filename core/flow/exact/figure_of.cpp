// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/figure_of.h"

#include "core/model/packet.h"
#include "core/support/signed_of.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

using Figure = std::optional<std::int64_t>;

constexpr std::size_t originator = ExactFlow::originator, responder = ExactFlow::responder;

Figure figureOf(const FlowSide::MaybeCount& count)
{
    return count ? Figure(signedOf(*count)) : Figure();
}

// Known where it is of both sides.
Figure ofBoth(const ExactFlow& flow, FlowSide::MaybeCount FlowSide::*member)
{
    const auto &a = flow.sides[originator].*member, &b = flow.sides[responder].*member;
    return a && b ? Figure(signedOf(*a + *b)) : Figure();
}

Figure roundTrip(const ExactFlow& flow, std::size_t side, std::int64_t RoundTrips::*member)
{
    const RoundTrips& trips = flow.roundTrips[side];
    return trips.samples > 0 ? Figure(trips.*member) : Figure();
}

Figure handshake(const ExactFlow& flow)
{
    return flow.synToSynAck && flow.synAckToAck ? Figure(*flow.synToSynAck + *flow.synAckToAck) : Figure();
}

Figure share(const Figure& again, const Figure& data)
{
    constexpr std::int64_t whole = 1'000;
    return again && data && *data > 0 ? Figure(std::min(*again, *data) * whole / *data) : Figure();
}

// What is counted on each side, in the order of FlowFigure.
constexpr std::array<FlowSide::MaybeCount FlowSide::*, sideFigureCount> counts{
    &FlowSide::payload,
    &FlowSide::goodput,
    &FlowSide::missedBytes,
    &FlowSide::retransmissions,
    nullptr, // their share, which is no count
    &FlowSide::fastRetransmissions,
    &FlowSide::spuriousRetransmissions,
    &FlowSide::outOfOrder,
    &FlowSide::gaps,
    &FlowSide::duplicateAcks,
    &FlowSide::zeroWindows,
    &FlowSide::windowFull,
    &FlowSide::keepAlives,
};

Figure counted(const ExactFlow& flow, FlowFigure figure)
{
    const auto place = static_cast<std::size_t>(figure) - static_cast<std::size_t>(FlowFigure::Payload);
    const auto of = [&](FlowSide::MaybeCount FlowSide::*member) {
        const FigureSide side = factsOf(figure).side;
        return side == FigureSide::Flow
                   ? ofBoth(flow, member)
                   : figureOf(flow.sides[side == FigureSide::Originator ? originator : responder].*member);
    };
    if (const auto member = counts[place % sideFigureCount])
        return of(member);
    return share(of(&FlowSide::retransmissions), of(&FlowSide::dataPackets));
}

} // namespace

std::optional<std::int64_t> numberOf(const ExactFlow& flow, FlowFigure figure)
{
    const auto& [from, to] = flow.sides;
    switch (figure) {
    case FlowFigure::History:
    case FlowFigure::EndReason:
        return std::nullopt;
    case FlowFigure::Completeness:
        return flow.protocol == protocolTcp ? Figure(flow.completeness) : Figure();
    case FlowFigure::OneSided:
        return flow.oneSided() ? 1 : 0;
    case FlowFigure::Estimated:
        return flow.estimated ? 1 : 0;
    case FlowFigure::HandshakeTime:
        return handshake(flow);
    case FlowFigure::SynToSynAck:
        return flow.synToSynAck;
    case FlowFigure::SynAckToAck:
        return flow.synAckToAck;
    case FlowFigure::RttLeast:
        return roundTrip(flow, originator, &RoundTrips::least);
    case FlowFigure::RttMedian:
        return roundTrip(flow, originator, &RoundTrips::median);
    case FlowFigure::RttMost:
        return roundTrip(flow, originator, &RoundTrips::most);
    case FlowFigure::ResponderRttLeast:
        return roundTrip(flow, responder, &RoundTrips::least);
    case FlowFigure::ResponderRttMedian:
        return roundTrip(flow, responder, &RoundTrips::median);
    case FlowFigure::ResponderRttMost:
        return roundTrip(flow, responder, &RoundTrips::most);
    case FlowFigure::FirstResponse:
        return flow.firstResponse;
    case FlowFigure::LongestSilence:
        return flow.longestSilence;
    case FlowFigure::OriginatorPackets:
        return signedOf(from.packets);
    case FlowFigure::ResponderPackets:
        return signedOf(to.packets);
    case FlowFigure::OriginatorIpBytes:
        return figureOf(from.ipBytes);
    case FlowFigure::ResponderIpBytes:
        return figureOf(to.ipBytes);
    case FlowFigure::OriginatorBytes:
        return figureOf(from.bytes);
    case FlowFigure::ResponderBytes:
        return figureOf(to.bytes);
    default: // Payload and all behind it
        return counted(flow, figure);
    }
}

std::string_view wordOf(const ExactFlow& flow, FlowFigure figure)
{
    if (figure == FlowFigure::History)
        return flow.history;
    return figure == FlowFigure::EndReason ? endReasonName(flow.ending) : std::string_view();
}

} // namespace packetloom
