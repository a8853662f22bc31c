// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/reference/reference_machine.h"

#include <limits>

namespace packetloom {

bool isNext(std::int64_t sequence, std::int64_t other)
{
    return sequence != std::numeric_limits<std::int64_t>::max() && sequence + 1 == other;
}

const FlowLife& ReferenceMachine::judge(const CompletedFlow& flow, const Observer& observer)
{
    FlowLife fresh;
    fresh.establishment = std::move(life_.establishment);
    fresh.dataTransfer = std::move(life_.dataTransfer);
    fresh.closing = std::move(life_.closing);
    fresh.establishment.clear();
    fresh.dataTransfer.clear();
    fresh.closing.clear();
    life_ = std::move(fresh);
    stopped_ = false;
    recordsPhases_ = flow.packets.inMemory();
    flow.packets.forEach([&](std::size_t i, const FlowPacket& packet) { step(i, packet, observer); });
    conclude();
    return life_;
}

void ReferenceMachine::step(std::size_t i, const FlowPacket& packet, const Observer& observer)
{
    life_.totalBytes += packet.length;
    if (stopped_)
        return;
    life_.listedPackets = i + 1;
    if (life_.state == FlowState::Invalid)
        return;
    const Role role = roleOf(i, packet);
    if (!role)
        return;
    const FlowPhase phase = phaseOf(*role);
    ++life_.phasePackets[static_cast<std::size_t>(phase)];
    if (recordsPhases_) {
        auto& list = phase == FlowPhase::Establishment  ? life_.establishment
                     : phase == FlowPhase::DataTransfer ? life_.dataTransfer
                                                        : life_.closing;
        list.push_back({i, *role});
    }
    if (observer)
        observer(i, packet, *role);
}

ReferenceMachine::Role ReferenceMachine::roleOf(std::size_t i, const FlowPacket& packet)
{
    const bool syn = packet.flags.has(TcpFlags::syn), ack = packet.flags.has(TcpFlags::ack);
    const bool fin = packet.flags.has(TcpFlags::fin), rst = packet.flags.has(TcpFlags::rst);
    const bool psh = packet.flags.has(TcpFlags::psh);
    if (syn && !ack && !rst)
        return onSyn(i, packet);
    if (syn && ack && !rst)
        return onSynAck(i, packet);
    if (ack && !fin && !rst && !psh && life_.state == FlowState::Establishing)
        return onHandshakeAck(i, packet);
    if (ack && !fin && !rst && life_.establishmentComplete && packet.length > 0)
        return onData(PacketRole::Data);
    if (fin && !rst)
        return onFin();
    if (rst)
        return onRst(i);
    if (ack && !fin && life_.establishmentComplete)
        return onBareAck();
    return std::nullopt;
}

ReferenceMachine::Role ReferenceMachine::onSyn(std::size_t i, const FlowPacket& packet)
{
    if (life_.syn)
        return std::nullopt; // a repeated SYN changes nothing
    life_.syn = i;
    synSequence_ = packet.sequence;
    life_.state = FlowState::Establishing;
    return PacketRole::Syn;
}

ReferenceMachine::Role ReferenceMachine::onSynAck(std::size_t i, const FlowPacket& packet)
{
    if (life_.state == FlowState::Establishing && life_.syn) {
        if (!isNext(synSequence_, packet.acknowledgment)) {
            invalidate(InvalidReason::InvalidSynAck, i);
            stopped_ = true;
            return std::nullopt;
        }
        life_.synAck = life_.expectedSequenceFrom = i;
        expectedSequence_ = packet.sequence;
        return PacketRole::SynAck;
    }
    if (life_.synAck)
        return std::nullopt;
    life_.synAck = i; // the capture began inside the handshake
    return PacketRole::SynAck;
}

ReferenceMachine::Role ReferenceMachine::onHandshakeAck(std::size_t i, const FlowPacket& packet)
{
    // An expected sequence number of 0 counts as none: the reference asks for its truth.
    constexpr std::int64_t beforeZero = -1;
    if (life_.synAck && life_.expectedSequenceFrom && expectedSequence_ != beforeZero) {
        if (!isNext(expectedSequence_, packet.acknowledgment) || !isNext(synSequence_, packet.sequence)) {
            invalidate(InvalidReason::InvalidAck, i);
            stopped_ = true;
            return std::nullopt;
        }
    } else if (life_.establishmentComplete) {
        return std::nullopt;
    }
    life_.establishmentComplete = true;
    life_.state = FlowState::Established;
    return PacketRole::Ack;
}

ReferenceMachine::Role ReferenceMachine::onData(PacketRole role)
{
    if (!life_.dataTransferStarted) {
        life_.dataTransferStarted = true;
        life_.state = FlowState::DataTransfer;
    }
    return role;
}

ReferenceMachine::Role ReferenceMachine::onFin()
{
    if (!life_.closingStarted) {
        life_.closingStarted = true;
        life_.state = FlowState::Closing;
        life_.closeType = CloseType::Graceful;
    }
    return PacketRole::Fin;
}

ReferenceMachine::Role ReferenceMachine::onRst(std::size_t i)
{
    if (life_.state == FlowState::Establishing) {
        invalidate(InvalidReason::RstDuringHandshake, i);
    } else {
        life_.state = FlowState::Aborted;
        life_.closeType = CloseType::Abortive;
        life_.invalidPacket = i;
    }
    return PacketRole::Rst;
}

ReferenceMachine::Role ReferenceMachine::onBareAck()
{
    return life_.closingStarted ? PacketRole::CloseAck : onData(PacketRole::DataAck);
}

void ReferenceMachine::invalidate(InvalidReason reason, std::optional<std::size_t> packet)
{
    life_.state = FlowState::Invalid;
    life_.closeType = CloseType::Invalid;
    life_.invalidReason = reason;
    if (packet)
        life_.invalidPacket = packet;
}

void ReferenceMachine::conclude()
{
    if (life_.state == FlowState::Establishing)
        invalidate(life_.synAck ? InvalidReason::IncompleteNoAck : InvalidReason::IncompleteNoSynAck,
                   std::nullopt);
    else if (life_.state == FlowState::Closing)
        life_.state = FlowState::Closed;
    const bool over = life_.state == FlowState::Invalid || life_.state == FlowState::Closed ||
                      life_.state == FlowState::Aborted;
    if (!over && life_.closeType == CloseType::None &&
        (life_.establishmentComplete || life_.dataTransferStarted)) {
        life_.state = FlowState::Ongoing;
        life_.ongoing = true;
        life_.closeType = CloseType::Open;
    }
}

} // namespace packetloom
