// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/packet_class.h"

namespace packetloom {

PacketClass classify(const Packet& packet)
{
    const TcpFlags& flags = packet.flags;
    if (!packet.isTcp())
        return PacketClass::NotTcp;
    if (flags.has(TcpFlags::rst))
        return PacketClass::Rst;
    if (flags.has(TcpFlags::fin))
        return PacketClass::Fin;
    if (flags.has(TcpFlags::syn))
        return flags.has(TcpFlags::ack) ? PacketClass::SynAck : PacketClass::Syn;
    if (flags.has(TcpFlags::psh))
        return PacketClass::Push;
    return flags.has(TcpFlags::ack) ? PacketClass::Ack : PacketClass::OtherTcp;
}

FlowOutcome outcomeOf(CloseType closeType, InvalidReason reason)
{
    switch (closeType) {
    case CloseType::Graceful:
        return FlowOutcome::Graceful;
    case CloseType::Abortive:
        return FlowOutcome::Abortive;
    case CloseType::Open:
        return FlowOutcome::Open;
    case CloseType::None:
        return FlowOutcome::Unclosed;
    case CloseType::Invalid:
        break;
    }
    switch (reason) {
    case InvalidReason::InvalidSynAck:
        return FlowOutcome::InvalidSynAck;
    case InvalidReason::InvalidAck:
        return FlowOutcome::InvalidAck;
    case InvalidReason::RstDuringHandshake:
        return FlowOutcome::RstDuringHandshake;
    case InvalidReason::IncompleteNoSynAck:
        return FlowOutcome::IncompleteNoSynAck;
    case InvalidReason::IncompleteNoAck:
        return FlowOutcome::IncompleteNoAck;
    case InvalidReason::None:
        break;
    }
    return FlowOutcome::Unclosed;
}

} // namespace packetloom
