// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/flow_life.h"

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

FlowPhase phaseOf(PacketRole role)
{
    switch (role) {
    case PacketRole::Syn:
    case PacketRole::SynAck:
    case PacketRole::Ack:
        return FlowPhase::Establishment;
    case PacketRole::Data:
    case PacketRole::DataAck:
        return FlowPhase::DataTransfer;
    case PacketRole::Fin:
    case PacketRole::CloseAck:
    case PacketRole::Rst:
        break;
    }
    return FlowPhase::Closing;
}

} // namespace packetloom
