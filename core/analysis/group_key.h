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

/// Which end of a flow or packet a key is about.
enum class KeyEnd : std::uint8_t { Source, Destination, Either, None };

constexpr KeyEnd endOf(GroupKey key)
{
    switch (key) {
    case GroupKey::Source:
    case GroupKey::SourceSubnet:
        return KeyEnd::Source;
    case GroupKey::Destination:
    case GroupKey::DestinationSubnet:
        return KeyEnd::Destination;
    case GroupKey::Address:
    case GroupKey::Subnet:
        return KeyEnd::Either;
    default:
        return KeyEnd::None;
    }
}

constexpr bool isPort(GroupKey key)
{
    return key == GroupKey::SourcePort || key == GroupKey::DestinationPort || key == GroupKey::Port;
}

/// Whether it is a fact of flows alone, that packets have by their flow.
constexpr bool asksFlow(GroupKey key)
{
    return key == GroupKey::State || key == GroupKey::Close || key == GroupKey::Reason;
}

/// A short word for machines: "src", "dport".
std::string_view groupKeyName(GroupKey key);
/// The key of such a word, also of the longer one that filters know ("source").
std::optional<GroupKey> groupKeyNamed(std::string_view name);

} // namespace packetloom
