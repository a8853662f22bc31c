// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// What flows or packets are put into groups by. The source is the initiator of a flow, the sender of a
/// packet.
enum class GroupKey : std::uint8_t {
    Source,
    Destination,
    Address, ///< either: what has two different ones counts for both
    SourceSubnet,
    DestinationSubnet,
    Subnet, ///< of either; once where both are in one
    Pair,   ///< two addresses, whoever of them is the source
    SourcePort,
    DestinationPort, ///< usually that of the service
    Port,            ///< either, as with addresses
    Protocol,
    Service, ///< flowService()
    State,   ///< of a flow, and so are the next two
    Close,
    Reason,
    Flags, ///< the flag type of a packet; flows have none
    Time,  ///< when a packet was, or a flow began: slices of equal width
};
inline constexpr std::size_t groupKeyCount = 17;

/// A short word for machines: "src", "dport".
std::string_view groupKeyName(GroupKey key);
/// The key of such a word, also of the longer one that filters know ("source").
std::optional<GroupKey> groupKeyNamed(std::string_view name);

} // namespace packetloom
