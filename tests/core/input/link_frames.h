// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/frame_bytes.h"

#include <string>
#include <vector>

namespace packetloom::test {

inline const std::string wlanAddresses = zeros(18), wlanSequence = zeros(2);

inline std::string wlan(unsigned control, unsigned flags, const std::string& rest)
{
    return std::string{static_cast<char>(control), static_cast<char>(flags)} + zeros(2) + wlanAddresses +
           wlanSequence + rest;
}

/// tcpPacket(), or the same over ipv6(), in a link layer.
struct LinkFrame
{
    std::string name;
    int linkType;
    std::string frame;
};

inline std::vector<LinkFrame> linkFrames()
{
    std::vector<LinkFrame> frames;
    const auto ip = tcpPacket();
    const auto row = [&](const std::string& name, int linkType, const std::string& frame) {
        frames.push_back({name, linkType, frame});
    };
    row("Ethernet", 1, ethernet(0x0800, ip));
    row("Ethernet, IPv6", 1, ethernet(0x86dd, ipv6(tcp())));
    row("Ethernet with LLC and SNAP", 1, ethernet(8 + 40, snap(0x0800, ip)));
    row("Ethernet with LLC without SNAP", 1, ethernet(3 + 40, hex("06 06 03") + ip));
    row("802.1Q", 1, ethernet(0x8100, be16(0x2005) + be16(0x0800) + ip));
    row("802.1Q with LLC", 1, ethernet(0x8100, be16(5) + be16(48) + snap(0x0800, ip)));
    row("802.1ad", 1, ethernet(0x88a8, be16(5) + be16(0x8100) + be16(6) + be16(0x0800) + ip));
    row("QinQ of old", 1, ethernet(0x9100, be16(5) + be16(0x8100) + be16(6) + be16(0x0800) + ip));
    row("802.1ah", 1, ethernet(0x88e7, zeros(4) + ethernet(0x0800, ip)));
    row("802.1BR", 1, ethernet(0x893f, zeros(6) + be16(0x0800) + ip));
    row("VN tag", 1, ethernet(0x8926, zeros(4) + be16(0x0800) + ip));
    row("VN tag between VLANs", 1,
        ethernet(0x8100, be16(1) + be16(0x8926) + zeros(4) + be16(0x8100) + be16(2) + be16(0x0800) + ip));
    row("FabricPath", 1, ethernet(0x8903, zeros(2) + ethernet(0x0800, ip)));
    row("MPLS", 1, ethernet(0x8847, hex("00 01 00 40 00 02 01 40") + ip));
    row("MPLS with IPv6", 1, ethernet(0x8847, hex("00 01 01 40") + ipv6(tcp())));
    row("MPLS pseudowire", 1, ethernet(0x8847, hex("00 01 01 40") + zeros(4) + ethernet(0x0800, ip)));
    row("PPPoE", 1, ethernet(0x8864, hex("11 00 00 01 00 2a 00 21") + ip));
    row("PPPoE in a VLAN, IPv6", 1,
        ethernet(0x8100, be16(7) + be16(0x8864) + hex("11 00 00 01 00 3e 00 57") + ipv6(tcp())));
    row("raw", 101, ip);
    row("raw of BSD", 12, ip);
    row("raw of OpenBSD", 14, ip);
    row("IPv4", 228, ip);
    row("IPv6", 229, ipv6(tcp()));
    row("null, little endian", 0, hex("02 00 00 00") + ip);
    row("null, big endian", 0, hex("00 00 00 02") + ip);
    for (const unsigned family : {10u, 23u, 24u, 28u, 30u}) {
        row("null, family " + std::to_string(family), 0, le32(family) + ipv6(tcp()));
    }
    row("loop", 108, be32(2) + ip);
    row("SLL", 113, zeros(14) + be16(0x0800) + ip);
    row("SLL with a VLAN", 113, zeros(14) + be16(0x8100) + be16(9) + be16(0x0800) + ip);
    row("SLL with LLC", 113, zeros(14) + be16(4) + snap(0x0800, ip));
    row("SLL2", 276, be16(0x0800) + zeros(18) + ip);
    row("PPP", 9, hex("00 21") + ip);
    row("PPP with address and control", 9, hex("ff 03 00 21") + ip);
    row("PPP with a compressed protocol", 9, hex("ff 03 21") + ip);
    row("PPP, IPv6", 9, hex("00 57") + ipv6(tcp()));
    row("PPP, MPLS", 9, hex("02 81 00 01 01 40") + ip);
    row("PPP in HDLC", 50, hex("ff 03 00 21") + ip);
    row("Cisco HDLC as PPP", 50, hex("0f 00 08 00") + ip);
    row("PPPoE by itself", 51, hex("11 00 00 01 00 2a 00 21") + ip);
    row("Cisco HDLC", 104, hex("8f 00 08 00") + ip);
    row("FDDI", 10, hex("50") + zeros(12) + snap(0x0800, ip));
    row("802.11", 105, wlan(0x08, 0x01, snap(0x0800, ip)));
    row("802.11 between access points", 105, wlan(0x08, 0x03, zeros(6) + snap(0x0800, ip)));
    row("802.11 with QoS", 105, wlan(0x88, 0x02, zeros(2) + snap(0x86dd, ipv6(tcp()))));
    row("802.11 with QoS and HT", 105, wlan(0x88, 0x82, zeros(2) + zeros(4) + snap(0x0800, ip)));
    row("802.11, aggregated", 105,
        wlan(0x88, 0x02, hex("80 00") + zeros(12) + be16(48) + snap(0x0800, ip) + zeros(30)));
    row("radiotap", 127, hex("00 00 08 00 00 00 00 00") + wlan(0x08, 0x01, snap(0x0800, ip)));
    row("radiotap, padded", 127,
        hex("00 00 11 00 03 00 00 00") + zeros(8) + hex("20") +
            wlan(0x88, 0x01, zeros(2) + zeros(2) + snap(0x0800, ip)));
    row("radiotap, padded, with more words", 127,
        hex("00 00 0d 00 02 00 00 80 00 00 00 00 20") + wlan(0x88, 0x01, zeros(4) + snap(0x0800, ip)));
    row("PPI", 192, hex("00 00 08 00 69 00 00 00") + wlan(0x08, 0x01, snap(0x0800, ip)));
    row("NFLOG, little endian", 239,
        hex("02 00 00 00 08 00 01 00 08 00 00 00 05 00 0a 00 41 00 00 00 2c 00 09 00") + ip);
    row("NFLOG, big endian", 239, hex("02 00 00 00 00 08 00 01 08 00 00 00 00 2c 00 09") + ip);
    return frames;
}

} // namespace packetloom::test
