// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/not_ip.h"

namespace packetloom {
namespace {

constexpr std::array<std::string_view, notIpCount> notIpKeys{
    "arp",
    "lldp",
    "llc",
    "ethertype",
    "ppp",
    "mpls",
    "wlan_management",
    "wlan_control",
    "wlan_no_data",
    "wlan_fragment",
    "wlan_encrypted",
    "link_type",
    "cut_short",
};

} // namespace

std::string_view notIpKey(NotIp kind)
{
    return notIpKeys[static_cast<std::size_t>(kind)];
}

} // namespace packetloom
