// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/wide_sum.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace packetloom {

enum class FlowState : std::uint8_t {
    New,
    Establishing,
    Established,
    DataTransfer,
    Closing,
    Closed,
    Aborted,
    Ongoing,
    Invalid,
};
enum class CloseType : std::uint8_t { None, Graceful, Abortive, Open, Invalid };
enum class InvalidReason : std::uint8_t {
    None,
    InvalidSynAck, ///< the SYN+ACK does not acknowledge the SYN
    InvalidAck,    ///< the handshake's last ACK does not fit the SYN+ACK
    RstDuringHandshake,
    IncompleteNoSynAck, ///< a SYN that was never answered
    IncompleteNoAck,    ///< a SYN+ACK that was never acknowledged
};
inline constexpr std::size_t flowStateCount = 9;
inline constexpr std::size_t closeTypeCount = 5;
inline constexpr std::size_t invalidReasonCount = 6;

/// What a packet meant when it was looked at, if anything.
enum class PacketRole : std::uint8_t { Syn, SynAck, Ack, Data, DataAck, Fin, CloseAck, Rst };
inline constexpr std::size_t packetRoleCount = 8;

enum class FlowPhase : std::uint8_t { Establishment, DataTransfer, Closing };
inline constexpr std::size_t flowPhaseCount = 3;
/// The phase that a packet with this role belongs to.
FlowPhase phaseOf(PacketRole role);

/// The reference's words. `None` of a close type or a reason is an empty text (null in JSON).
std::string_view stateName(FlowState state);
std::string_view closeTypeName(CloseType type);
std::string_view invalidReasonName(InvalidReason reason);
std::string_view roleName(PacketRole role);
std::string_view roleDescription(PacketRole role);

struct PhasePacket
{
    std::size_t packet; ///< index into CompletedFlow::packets
    PacketRole role;
};

/// What the state machine made of a flow. Packets are named by their index into CompletedFlow::packets.
struct FlowLife
{
    FlowState state = FlowState::New;
    CloseType closeType = CloseType::None;
    InvalidReason invalidReason = InvalidReason::None;
    std::optional<std::size_t>
        syn; ///< its sender is the initiator; sequence number + 1 is the expected ack number
    std::optional<std::size_t> synAck;
    std::optional<std::size_t>
        expectedSequenceFrom; ///< the SYN+ACK whose sequence number + 1 must be acknowledged
    std::optional<std::size_t> invalidPacket;
    bool establishmentComplete = false;
    bool dataTransferStarted = false;
    bool closingStarted = false;
    bool ongoing = false;
    std::array<std::uint64_t, flowPhaseCount> phasePackets{}; ///< how many, by FlowPhase
    /// Which; empty for a flow whose packets are not in memory (FlowJudge::judge() tells them).
    std::vector<PhasePacket> establishment, dataTransfer, closing;
    std::size_t listedPackets = 0; ///< packets up to and including the one that made the flow invalid at once
    WideSum totalBytes;
};

} // namespace packetloom
