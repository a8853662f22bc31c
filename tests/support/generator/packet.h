// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>

namespace packetloom::generator {

/// The bits of the column `flags`.
enum Flag : std::uint16_t { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32, ece = 64, cwr = 128 };

enum Protocol : std::uint8_t { icmp = 1, tcp = 6, udp = 17 };

/// What a packet is to one who sees both hosts, and what of it the capture has seen before: bits.
using Marks = std::uint16_t;
enum Mark : Marks {
    afterTimeout = 1,   ///< sent again because its timer ran out
    afterAcks = 2,      ///< sent again after three duplicate ACKs (RFC 5681)
    inRecovery = 4,     ///< sent again because an ACK showed a further loss (RFC 6582)
    seenTwice = 8,      ///< nobody sent it again: the capture has it twice
    unseenBefore = 16,  ///< of what was sent again: the capture sees its bytes for the first time
    needless = 32,      ///< of what was sent again: the capture saw it acknowledged before
    overtaken = 64,     ///< a segment that was sent after it is in the capture before it
    afterGap = 128,     ///< bytes before it were not captured, or not yet; also of ACKs
    duplicateAck = 256, ///< says again how far the data came, for a segment that was not the next one
    zeroWindow = 512,
    windowProbe = 1024, ///< a byte into a window of none
    windowFull = 2048,  ///< ends where the window that its sender knows ends
    keepAlive = 4096,
    keepAliveAck = 8192,
    windowUpdate = 16384,
    looksNew = 32768, ///< of what was sent again: nothing of it or behind it was captured before
};

/// One row of the capture, and what a frame says beside.
struct Packet
{
    static constexpr std::int32_t usual = -1; ///< what the frame's writer does by itself

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
    std::int32_t window = usual;      ///< of TCP, as it stands there
    std::int16_t windowScale = usual; ///< of a SYN's option, where it has one
    std::int16_t segmentSize = usual; ///< of a SYN's option
    std::uint8_t echo = 0;            ///< ICMP: type 8 or 0 and no error: 1 request, 2 reply.
    ///< Its identifier and sequence number stand in place of the reported ports
    // of neither
    Marks marks = 0;
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
