// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>

namespace packetloom::generator {

/// The bits of the column `flags`.
enum Flag : std::uint16_t { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32, ece = 64, cwr = 128 };

enum Protocol : std::uint8_t { icmp = 1, tcp = 6, udp = 17 };

/// One row of the capture, and what a frame says beside.
struct Packet
{
    std::uint64_t time = 0;        ///< microseconds since the epoch
    std::uint32_t source = 0;      ///< index of a HostPool
    std::uint32_t destination = 0; ///< index of a HostPool
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    std::uint16_t flags = 0;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t length = 0; ///< bytes of the whole frame, as capture tools count
    std::uint8_t protocol = tcp;
    // of the frame alone
    std::uint8_t optionBytes = 0; ///< of the TCP header: 0, 4, 12 or 20
    std::uint16_t payload = 0;    ///< bytes behind the TCP header; the rest of `length` is the link's padding
    std::uint16_t copiedAfter = 0; ///< microseconds since it was captured before; 0: it was not
    /// Of an ICMP error: the ports of the packet that it reports, which went the other way.
    std::uint16_t reportedSourcePort = 0, reportedDestinationPort = 0;
};

/// What one step of a conversation did.
struct Step
{
    bool captured = false;   ///< the packet was filled in (all but its time)
    bool finished = false;   ///< the conversation has no further step
    std::uint64_t delay = 1; ///< microseconds until its next step, at least 1
};

/// Where a conversation takes place.
struct Path
{
    std::uint32_t client = 0; ///< index of a HostPool
    std::uint32_t server = 0; ///< index of a HostPool
    std::uint16_t clientPort = 0;
    std::uint16_t serverPort = 0;
    std::uint32_t roundTrip = 1000; ///< microseconds
    bool ipv6 = false;
};

} // namespace packetloom::generator
