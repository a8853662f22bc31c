// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/link_type.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

struct LinkType
{
    std::uint16_t type;
    std::string_view key, name;
};

constexpr std::array<LinkType, 24> linkTypes{{{0, "null", "BSD loopback"},
                                              {1, "ethernet", "Ethernet"},
                                              {9, "ppp", "PPP"},
                                              {10, "fddi", "FDDI"},
                                              {12, "raw_12", "raw IP"},
                                              {14, "raw_14", "raw IP"},
                                              {50, "ppp_hdlc", "PPP in HDLC"},
                                              {51, "ppp_ether", "PPPoE"},
                                              {101, "raw", "raw IP"},
                                              {104, "c_hdlc", "Cisco HDLC"},
                                              {105, "ieee802_11", "IEEE 802.11"},
                                              {108, "loop", "OpenBSD loopback"},
                                              {113, "linux_sll", "Linux cooked"},
                                              {127, "ieee802_11_radiotap", "IEEE 802.11 with radiotap"},
                                              {189, "usb_linux", "USB (Linux)"},
                                              {192, "ppi", "PPI"},
                                              {195, "ieee802_15_4_withfcs", "IEEE 802.15.4"},
                                              {201, "bluetooth_hci_h4_with_phdr", "Bluetooth HCI"},
                                              {220, "usb_linux_mmapped", "USB (Linux)"},
                                              {228, "ipv4", "raw IPv4"},
                                              {229, "ipv6", "raw IPv6"},
                                              {239, "nflog", "NFLOG"},
                                              {249, "usbpcap", "USBPcap"},
                                              {276, "linux_sll2", "Linux cooked, version 2"}}};
static_assert(std::ranges::is_sorted(linkTypes, {}, &LinkType::type));

const LinkType* find(std::uint16_t type)
{
    const auto found = std::ranges::lower_bound(linkTypes, type, {}, &LinkType::type);
    return found != linkTypes.end() && found->type == type ? &*found : nullptr;
}

} // namespace

std::string_view linkTypeKey(std::uint16_t type)
{
    const auto* const known = find(type);
    return known ? known->key : std::string_view();
}

std::string_view linkTypeName(std::uint16_t type)
{
    const auto* const known = find(type);
    return known ? known->name : std::string_view();
}

} // namespace packetloom
