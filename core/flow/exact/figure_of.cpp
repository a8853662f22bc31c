// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/figure_of.h"

#include "core/model/packet.h"

#include <algorithm>
#include <limits>

namespace packetloom {
namespace {

using Figure = std::optional<std::int64_t>;

constexpr std::size_t originator = ExactFlow::originator, responder = ExactFlow::responder;

std::int64_t signedOf(std::uint64_t number)
{
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(number, most));
}

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

Figure retransmissionShare(const ExactFlow& flow)
{
    constexpr std::int64_t whole = 1'000;
    const auto again = ofBoth(flow, &FlowSide::retransmissions), data = ofBoth(flow, &FlowSide::dataPackets);
    return again && data && *data > 0 ? Figure(std::min(*again, *data) * whole / *data) : Figure();
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
    case FlowFigure::Payload:
        return ofBoth(flow, &FlowSide::payload);
    case FlowFigure::Goodput:
        return ofBoth(flow, &FlowSide::goodput);
    case FlowFigure::MissedBytes:
        return ofBoth(flow, &FlowSide::missedBytes);
    case FlowFigure::Retransmissions:
        return ofBoth(flow, &FlowSide::retransmissions);
    case FlowFigure::RetransmissionShare:
        return retransmissionShare(flow);
    case FlowFigure::FastRetransmissions:
        return ofBoth(flow, &FlowSide::fastRetransmissions);
    case FlowFigure::SpuriousRetransmissions:
        return ofBoth(flow, &FlowSide::spuriousRetransmissions);
    case FlowFigure::OutOfOrder:
        return ofBoth(flow, &FlowSide::outOfOrder);
    case FlowFigure::Gaps:
        return ofBoth(flow, &FlowSide::gaps);
    case FlowFigure::DuplicateAcks:
        return ofBoth(flow, &FlowSide::duplicateAcks);
    case FlowFigure::ZeroWindows:
        return ofBoth(flow, &FlowSide::zeroWindows);
    case FlowFigure::WindowFull:
        return ofBoth(flow, &FlowSide::windowFull);
    case FlowFigure::KeepAlives:
        return ofBoth(flow, &FlowSide::keepAlives);
    }
    return std::nullopt;
}

std::string_view wordOf(const ExactFlow& flow, FlowFigure figure)
{
    if (figure == FlowFigure::History)
        return flow.history;
    return figure == FlowFigure::EndReason ? endReasonName(flow.ending) : std::string_view();
}

} // namespace packetloom
