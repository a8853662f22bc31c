// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/random.h"
#include "tests/support/generator/tcp_host.h"

#include <array>
#include <string_view>
#include <vector>

namespace packetloom::generator {

/// How a simulated connection begins.
enum class Opening : std::uint8_t {
    Normal,
    Refused,    ///< the SYN is answered by a reset
    Unanswered, ///< by nothing
    GivenUp,    ///< by nothing, and its sender resets it
    HalfOpen,   ///< the SYN+ACK is answered by nothing
};

/// How it ends.
enum class Ending : std::uint8_t {
    ByClient, ///< both close, the client first
    ByServer,
    Simultaneous, ///< both close before they see that the other did
    HalfByClient, ///< the client closes, the server never does, and may still send
    HalfByServer,
    ResetByClient,
    ResetByServer,
    ClosedThenReset, ///< the client closes, the server resets
    Never,
};
std::string_view openingName(Opening opening);
std::string_view endingName(Ending ending);

/// What a connection is to be. Sides: 0 the client, 1 the server.
struct TcpPlan
{
    using Sides = std::array<std::uint32_t, 2>;
    struct Exchange
    {
        std::uint32_t request = 0, response = 0; ///< bytes
        std::uint32_t thinking = 0, pause = 0;   ///< microseconds before the response, after it
    };

    Sides distance{1000, 5000}; ///< microseconds between the capture and each host
    std::array<TcpHostOptions, 2> hosts;
    Opening opening = Opening::Normal;
    Ending ending = Ending::ByClient;
    std::vector<Exchange> exchanges;
    std::uint32_t lingering = 0; ///< microseconds between the last response and the end
    bool closesAtOnce = false;   ///< who closes second does it in the ACK of the first FIN
    bool cutShort = false;       ///< a reset comes in the middle of the last response
    std::uint32_t stall = 0;     ///< microseconds for which the client does not read in the last exchange
    std::uint8_t keepAlives = 0;
    bool keepAliveByte = false;
    std::uint32_t keepAliveEvery = 0; ///< microseconds

    // Trouble, per million segments.
    std::uint32_t lostBefore = 0; ///< data that is lost on its way to the capture
    std::uint32_t lostBehind = 0; ///< data that is captured, then lost
    std::uint32_t ackLost = 0;    ///< ACKs without data, before or behind
    std::uint32_t missed = 0;     ///< data that arrives and is not captured
    std::uint32_t overtaken = 0;  ///< data that others overtake before the capture
    std::uint32_t twice = 0;      ///< that the capture has twice
    std::array<bool, 2> hidden{}; ///< sides of which nothing is captured
    bool openingHidden = false;   ///< the capture begins after the handshake
};

/// A segment as it was captured.
struct SeenSegment
{
    std::uint64_t time = 0; ///< microseconds since the begin of the connection
    Segment segment;
    std::uint32_t fresh = 0; ///< bytes of the stream that the capture sees for the first time
    bool fromServer = false;
};

struct TcpCourse
{
    std::vector<SeenSegment> seen;       ///< in the order of time, no two at the same
    std::array<std::uint32_t, 2> lost{}; ///< segments with data that are not in the capture, by sender
};

/// Plays a connection from its first packet to its last. Its time is bounded: nobody tries for ever.
TcpCourse simulate(const TcpPlan& plan, Random& random);

} // namespace packetloom::generator
