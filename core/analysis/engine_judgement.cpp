// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/engine_judgement.h"

#include <algorithm>

namespace packetloom {
namespace {

using Difference = EngineDifference;
using Facts = ReferenceFacts;
using Maybe = std::optional<Difference>;

/// Both sides took part in the handshake, whatever came later.
bool isEstablished(ConnState state)
{
    switch (state) {
    case ConnState::S1:
    case ConnState::SF:
    case ConnState::S2:
    case ConnState::S3:
    case ConnState::RstO:
    case ConnState::RstR:
        return true;
    default:
        return false;
    }
}

bool isReset(ConnState state)
{
    return state == ConnState::RstO || state == ConnState::RstR || state == ConnState::RstOS0 ||
           state == ConnState::RstRH || state == ConnState::Rej;
}

/// The handshake went to its end: SYN, SYN+ACK, and an ACK of that, with data or without.
bool isWhole(const ExactFlow& flow)
{
    constexpr unsigned handshake = SeenSyn | SeenSynAck, answered = SeenAck | SeenData;
    return (flow.completeness & handshake) == handshake && (flow.completeness & answered) != 0;
}

/// Why a flow of the reference has the packets of both.
Difference whyJoined(const ExactFlow& before, const ExactFlow& after)
{
    switch (before.ending) {
    case EndReason::Reused:
        return before.state == ConnState::S0 ? Difference::SynWithAnotherNumber : Difference::PortReuse;
    case EndReason::Closed:
    case EndReason::Reset:
        return (after.completeness & (SeenSyn | SeenSynAck)) != 0 ? Difference::PortReuse
                                                                  : Difference::AfterLinger;
    case EndReason::Inactivity:
        return Difference::ExactInactivity;
    case EndReason::Attempt:
    case EndReason::PartialClose:
        return Difference::AttemptEnded;
    case EndReason::CaptureEnd:
        break;
    }
    return Difference::Other;
}

/// The one reason of all, if it is one. `why(i)` is that between flow i and the next.
template <class Why>
Difference commonReason(std::size_t flows, const Why& why)
{
    const Difference first = why(std::size_t{0});
    for (std::size_t i = 1; i + 1 < flows; ++i) {
        if (why(i) != first)
            return Difference::Several;
    }
    return first;
}

} // namespace

Maybe EngineJudgement::difference(std::span<const std::uint32_t> reference, std::size_t exactFlows,
                                  const ExactAt& exact, std::uint64_t overlap) const
{
    if (exactFlows == 0)
        return Difference::ReferenceOnly;
    const ExactFlow first = exact(0);
    if (reference.empty())
        return first.key.low.port == 0 || first.key.high.port == 0 ? Difference::ExactOnly
                                                                   : Difference::Other;
    if (reference.size() > 1 && exactFlows > 1)
        return Difference::Several;
    if (reference.size() > 1)
        return commonReason(reference.size(),
                            [&](std::size_t i) { return whySplit(reference[i], reference[i + 1], first); });
    if (exactFlows > 1)
        return commonReason(exactFlows, [&](std::size_t i) { return whyJoined(exact(i), exact(i + 1)); });
    if (overlap != flows_.packets(reference.front()))
        return Difference::LeftOut;
    if (overlap != packetsOf(first))
        return Difference::Other;
    return ofOne(reference.front(), first);
}

// A flow of the reference is complete by a FIN or RST, or by inactivity, and at the end of a read chunk alone
// (docs/flows.md, 6 to 8).
Difference EngineJudgement::whySplit(std::uint32_t before, std::uint32_t after, const ExactFlow& exact) const
{
    if (flows_.has(before, FlowTable::ByTimeout))
        return Difference::ReferenceInactivity;
    if (!facts_[before].has(Facts::Fin) && !facts_[before].has(Facts::Rst))
        return Difference::Other;
    return flows_.start(after) > exact.end ? Difference::LatePackets : Difference::ReadChunk;
}

bool EngineJudgement::sameDirection(std::uint32_t reference, const ExactFlow& exact) const
{
    return !flows_.has(reference, FlowTable::InitiatorKnown) ||
           flows_.sourceEnd(reference) == exact.originatorEnd();
}

Maybe EngineJudgement::ofOne(std::uint32_t reference, const ExactFlow& exact) const
{
    const auto outcome = flows_.closeType(reference) == CloseType::Invalid ? ofInvalid(reference, exact)
                                                                           : ofEnd(reference, exact);
    if (!outcome && !sameDirection(reference, exact))
        return Difference::Direction;
    return outcome;
}

Maybe EngineJudgement::ofInvalid(std::uint32_t reference, const ExactFlow& exact) const
{
    const auto& facts = facts_[reference];
    const auto because = [&](Difference usual) {
        return facts.has(Facts::NumberWraps)   ? Difference::NumberWraps
               : facts.has(Facts::OtherSyn)    ? Difference::SynWithAnotherNumber
               : facts.has(Facts::SynAckFirst) ? Difference::HandshakeOutOfOrder
                                               : usual;
    };
    const bool established = isEstablished(exact.state);
    switch (flows_.invalidReason(reference)) {
    case InvalidReason::InvalidSynAck:
        return because(established ? Difference::Other : Difference::NeverEstablished);
    case InvalidReason::InvalidAck:
        return because(established ? Difference::AckOutOfPlace : Difference::NeverEstablished);
    case InvalidReason::IncompleteNoAck:
        if (!isWhole(exact))
            return std::nullopt;
        return because(Difference::AckWithData);
    case InvalidReason::IncompleteNoSynAck:
        if (exact.state == ConnState::S0)
            return std::nullopt;
        return because(established ? Difference::HandshakeOutOfOrder : Difference::Other);
    case InvalidReason::RstDuringHandshake:
        if (isReset(exact.state) && !isWhole(exact))
            return std::nullopt;
        return because(isReset(exact.state) ? Difference::ResetInHandshake : Difference::Other);
    case InvalidReason::None:
        break;
    }
    return Difference::Other;
}

Maybe EngineJudgement::ofEnd(std::uint32_t reference, const ExactFlow& exact) const
{
    const ConnState state = exact.state;
    const bool reset = isReset(state),
               bothKinds = facts_[reference].has(Facts::Fin) && facts_[reference].has(Facts::Rst);
    switch (flows_.closeType(reference)) {
    case CloseType::Graceful:
        if (state == ConnState::SF)
            return std::nullopt;
        if (reset)
            return bothKinds ? Difference::ResetWithClose : Difference::Other;
        if (state == ConnState::SH || state == ConnState::SHR)
            return Difference::NeverEstablished;
        if (state == ConnState::S2 || state == ConnState::S3)
            return Difference::HalfClosed;
        return state == ConnState::Oth ? Difference::BeginMissed : Difference::Other;
    case CloseType::Abortive:
        if (reset)
            return std::nullopt;
        if (state == ConnState::SF || state == ConnState::S2 || state == ConnState::S3)
            return bothKinds ? Difference::ResetWithClose : Difference::Other;
        if (state == ConnState::Oth)
            return Difference::BeginMissed;
        return Difference::Other;
    case CloseType::Open:
        return state == ConnState::S1 ? std::nullopt : Maybe(Difference::Other);
    case CloseType::None:
        return state == ConnState::Oth || state == ConnState::S1 ? std::nullopt : Maybe(Difference::Other);
    case CloseType::Invalid:
        break;
    }
    return Difference::Other;
}

} // namespace packetloom
