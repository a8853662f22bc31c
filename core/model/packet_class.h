// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_life.h"
#include "core/model/packet.h"

#include <cstddef>
#include <cstdint>

namespace packetloom {

/// What a packet does in a connection, by the most telling of its flags: few enough kinds for a chart.
enum class PacketClass : std::uint8_t { Syn, SynAck, Ack, Push, Fin, Rst, OtherTcp, NotTcp };
inline constexpr std::size_t packetClassCount = 8;
PacketClass classify(const Packet& packet);

/// How the flow of a packet ended: its close type, and why where it is invalid.
enum class FlowOutcome : std::uint8_t {
    Graceful,
    Abortive,
    Open,
    InvalidSynAck,
    InvalidAck,
    RstDuringHandshake,
    IncompleteNoSynAck,
    IncompleteNoAck,
    Unclosed, ///< neither opened nor closed in the capture
};
inline constexpr std::size_t flowOutcomeCount = 9;
FlowOutcome outcomeOf(CloseType closeType, InvalidReason reason);

} // namespace packetloom
