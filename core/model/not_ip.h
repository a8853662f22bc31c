// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace packetloom {

/// What a frame of a packet capture is that carries no IP packet.
enum class NotIp : std::uint8_t {
    Arp,            ///< ARP and reverse ARP
    Lldp,           ///< Link Layer Discovery Protocol
    Llc,            ///< IEEE 802.2 without IP: spanning tree, NetBEUI, IPX, ...
    EtherType,      ///< any other EtherType
    Ppp,            ///< control protocols of PPP and PPPoE, and network protocols other than IP
    Mpls,           ///< MPLS that carries something else
    WlanManagement, ///< IEEE 802.11: beacons, probes, ...
    WlanControl,    ///< IEEE 802.11: acknowledgments, ...
    WlanNoData,     ///< IEEE 802.11: data frames without data
    WlanFragment,   ///< IEEE 802.11: a frame that goes on with what another one began
    WlanEncrypted,  ///< IEEE 802.11: data that only who has the key can read
    LinkType,       ///< a link type that is not read
    CutShort,       ///< captured so short that what it carries cannot be told, or broken
};
inline constexpr std::size_t notIpCount = 13;
/// A stable machine-readable name ("arp"), for JSON.
std::string_view notIpKey(NotIp kind);

/// How many frames were no IP packets, by kind.
using NotIpCounts = std::array<std::uint64_t, notIpCount>;
inline std::uint64_t sumOf(const NotIpCounts& counts)
{
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

} // namespace packetloom
