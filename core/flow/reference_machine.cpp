// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/reference_machine.h"

#include <array>
#include <limits>

namespace packetloom {
namespace {

constexpr std::array<std::string_view, flowStateCount> stateNames{
    "new",    "establishing", "established", "data_transfer", "closing",
    "closed", "aborted",      "ongoing",     "invalid"};
constexpr std::array<std::string_view, closeTypeCount> closeTypeNames{"", "graceful", "abortive", "open",
                                                                      "invalid"};
constexpr std::array<std::string_view, invalidReasonCount> reasonNames{
    "", "invalid_synack", "invalid_ack", "rst_during_handshake", "incomplete_no_synack", "incomplete_no_ack"};
constexpr std::array<std::string_view, packetRoleCount> roleNames{"syn",      "syn_ack", "ack",       "data",
                                                                  "ack_data", "fin",     "ack_close", "rst"};
constexpr std::array<std::string_view, packetRoleCount> roleDescriptions{
    "Connection Request",  "Connection Acceptance", "Connection Established", "Data Transfer",
    "Data Acknowledgment", "Close Request",         "Close Acknowledgment",   "Connection Aborted"};

} // namespace

std::string_view stateName(FlowState state)
{
    return stateNames[static_cast<std::size_t>(state)];
}
std::string_view closeTypeName(CloseType type)
{
    return closeTypeNames[static_cast<std::size_t>(type)];
}
std::string_view invalidReasonName(InvalidReason reason)
{
    return reasonNames[static_cast<std::size_t>(reason)];
}
std::string_view roleName(PacketRole role)
{
    return roleNames[static_cast<std::size_t>(role)];
}
std::string_view roleDescription(PacketRole role)
{
    return roleDescriptions[static_cast<std::size_t>(role)];
}

bool isNext(std::int64_t sequence, std::int64_t other)
{
    return sequence != std::numeric_limits<std::int64_t>::max() && sequence + 1 == other;
}

const FlowLife& ReferenceMachine::run(const CompletedFlow& flow)
{
    flow_ = &flow;
    FlowLife fresh;
    fresh.establishment = std::move(life_.establishment);
    fresh.dataTransfer = std::move(life_.dataTransfer);
    fresh.closing = std::move(life_.closing);
    fresh.establishment.clear();
    fresh.dataTransfer.clear();
    fresh.closing.clear();
    life_ = std::move(fresh);

    bool stopped = false;
    for (std::size_t i = 0; i < flow.packets.size(); ++i) {
        life_.totalBytes += flow.packets[i].length;
        if (stopped)
            continue;
        life_.listedPackets = i + 1;
        if (life_.state != FlowState::Invalid)
            stopped = step(i) == Outcome::Stop;
    }
    conclude();
    return life_;
}

ReferenceMachine::Outcome ReferenceMachine::step(std::size_t i)
{
    const FlowPacket& packet = flow_->packets[i];
    const bool syn = packet.flags.has(TcpFlags::syn), ack = packet.flags.has(TcpFlags::ack);
    const bool fin = packet.flags.has(TcpFlags::fin), rst = packet.flags.has(TcpFlags::rst);
    const bool psh = packet.flags.has(TcpFlags::psh);
    if (syn && !ack && !rst)
        onSyn(i);
    else if (syn && ack && !rst)
        return onSynAck(i);
    else if (ack && !fin && !rst && !psh && life_.state == FlowState::Establishing)
        return onHandshakeAck(i);
    else if (ack && !fin && !rst && life_.establishmentComplete && packet.length > 0)
        onData(i, PacketRole::Data);
    else if (fin && !rst)
        onFin(i);
    else if (rst)
        onRst(i);
    else if (ack && !fin && life_.establishmentComplete)
        onBareAck(i);
    return Outcome::Continue;
}

void ReferenceMachine::onSyn(std::size_t i)
{
    if (life_.syn)
        return; // a repeated SYN changes nothing
    life_.syn = i;
    life_.state = FlowState::Establishing;
    life_.establishment.push_back({i, PacketRole::Syn});
}

ReferenceMachine::Outcome ReferenceMachine::onSynAck(std::size_t i)
{
    if (life_.state == FlowState::Establishing && life_.syn) {
        if (!isNext(flow_->packets[*life_.syn].sequence, flow_->packets[i].acknowledgment)) {
            invalidate(InvalidReason::InvalidSynAck, i);
            return Outcome::Stop;
        }
        life_.synAck = life_.expectedSequenceFrom = i;
        life_.establishment.push_back({i, PacketRole::SynAck});
    } else if (!life_.synAck) { // the capture began inside the handshake
        life_.synAck = i;
        life_.establishment.push_back({i, PacketRole::SynAck});
    }
    return Outcome::Continue;
}

ReferenceMachine::Outcome ReferenceMachine::onHandshakeAck(std::size_t i)
{
    const FlowPacket& packet = flow_->packets[i];
    // An expected sequence number of 0 counts as none: the reference asks for its truth.
    constexpr std::int64_t beforeZero = -1;
    if (life_.synAck && life_.expectedSequenceFrom &&
        flow_->packets[*life_.expectedSequenceFrom].sequence != beforeZero) {
        if (!isNext(flow_->packets[*life_.expectedSequenceFrom].sequence, packet.acknowledgment) ||
            !isNext(flow_->packets[*life_.syn].sequence, packet.sequence)) {
            invalidate(InvalidReason::InvalidAck, i);
            return Outcome::Stop;
        }
    } else if (life_.establishmentComplete) {
        return Outcome::Continue;
    }
    life_.establishment.push_back({i, PacketRole::Ack});
    life_.establishmentComplete = true;
    life_.state = FlowState::Established;
    return Outcome::Continue;
}

void ReferenceMachine::onData(std::size_t i, PacketRole role)
{
    if (!life_.dataTransferStarted) {
        life_.dataTransferStarted = true;
        life_.state = FlowState::DataTransfer;
    }
    life_.dataTransfer.push_back({i, role});
}

void ReferenceMachine::onFin(std::size_t i)
{
    if (!life_.closingStarted) {
        life_.closingStarted = true;
        life_.state = FlowState::Closing;
        life_.closeType = CloseType::Graceful;
    }
    life_.closing.push_back({i, PacketRole::Fin});
}

void ReferenceMachine::onRst(std::size_t i)
{
    if (life_.state == FlowState::Establishing) {
        invalidate(InvalidReason::RstDuringHandshake, i);
    } else {
        life_.state = FlowState::Aborted;
        life_.closeType = CloseType::Abortive;
        life_.invalidPacket = i;
    }
    life_.closing.push_back({i, PacketRole::Rst});
}

void ReferenceMachine::onBareAck(std::size_t i)
{
    if (life_.closingStarted)
        life_.closing.push_back({i, PacketRole::CloseAck});
    else
        onData(i, PacketRole::DataAck);
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
