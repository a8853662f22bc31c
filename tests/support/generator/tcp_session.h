// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/packet.h"
#include "tests/support/generator/random.h"

namespace packetloom::generator {

/// What becomes of a TCP connection.
enum class Fate : std::uint8_t {
    Web,          ///< a few requests and responses, then a close
    Long,         ///< a transfer of hundreds to thousands of segments, then a close
    Refused,      ///< SYN, answered by a reset, perhaps tried again
    Reset,        ///< reset in the handshake or in the middle of the data
    OneWay,       ///< like Web, but the capture has only one direction
    Ongoing,      ///< like Web, but begun before the capture or never closed
    BadHandshake, ///< wrong acknowledgment numbers in the handshake, or none
};

/// Disturbances, in occurrences per million data segments.
struct Disturbances
{
    std::uint32_t outOfOrder = 0;
    std::uint32_t duplicate = 0;
};

/// One TCP connection as a capture near the client sees it, a packet a step.
class TcpSession
{
public:
    /// `longTransfers`: of Fate::Long, at least 1.
    TcpSession(Fate fate, const Path& path, const Disturbances& disturbances, std::uint32_t longTransfers,
               Random& random);

    /// The next packet. `pause`: mean microseconds of the times in which nobody sends, 1 .. 2^30.
    Step advance(Packet& packet, Random& random, std::uint32_t pause);

private:
    static constexpr std::uint32_t latestCopy = 50; ///< microseconds; what comes later was sent again
    enum class At : std::uint8_t {
        Syn,
        SynAck,
        HandshakeAck,
        Segment,
        LateAck,
        SegmentAck,
        KeepAlive,
        KeepAliveAck,
        Fin,
        FinAck,
        PeerFin,
        PeerFinAck,
        Reset,
        Repeat,
        End,
    };
    enum class Close : std::uint8_t { FourWay, ThreeWay, WithData, ThenReset, Unanswered, Never };
    enum class Fault : std::uint8_t { None, SynAckNumber, SynAckWrapped, AckNumber, AckSequence, NoAck };

    struct Side
    {
        std::uint32_t next = 0; ///< sequence number of the next byte; wraps
    };
    struct Sent
    {
        std::uint32_t seq = 0;
        std::uint16_t flags = 0;
        std::uint16_t payload = 0;
        bool fromServer = false;
        std::uint16_t copiedAfter = 0; ///< see Packet
    };

    void draw(std::uint32_t longTransfers, Random& random);
    void drawFault(Random& random);
    void put(Packet& packet, const Sent& sent, std::uint32_t ackNumber) const;
    void answer(Packet& packet, std::uint16_t flags, bool fromServer) const;

    void sendSyn(Packet& packet, Random& random);
    void sendSynAck(Packet& packet, Random& random);
    void sendHandshakeAck(Packet& packet, Random& random);
    void sendSegment(Packet& packet, Random& random);
    void sendSegmentAck(Packet& packet, Random& random);
    void sendKeepAlive(Packet& packet, Random& random);
    void sendFin(Packet& packet, Random& random);
    void sendReset(Packet& packet, Random& random);
    void sendRepeat(Packet& packet, Random& random);

    void beginRequest(Random& random);
    void afterMessage(Random& random);
    void repeatLater(const Sent& sent, std::uint32_t delay);
    std::uint16_t segmentFlags(bool last, Random& random) const;
    void go(At next, std::uint64_t delay)
    {
        at_ = next;
        delay_ = delay > 0 ? delay : 1;
    }
    /// Until a packet of that side is seen after one of the other.
    std::uint32_t turn(bool ofServer, Random& random) const;
    std::uint32_t idle(Random& random) const;
    Side& side(bool ofServer) { return ofServer ? server_ : client_; }
    [[nodiscard]] const Side& side(bool ofServer) const { return ofServer ? server_ : client_; }

    Path path_;
    Disturbances disturbances_;
    Side client_, server_;
    Sent repeat_, late_;
    std::uint64_t delay_ = 1, resumeDelay_ = 1;
    std::uint32_t pause_ = 0;
    std::uint32_t left_ = 0;                             // bytes of the message being sent
    std::uint32_t requestBytes_ = 0, responseBytes_ = 0; // typical sizes
    std::uint32_t cutAfter_ = 0;                         // data packets until a reset; 0: none
    std::uint16_t segmentBytes_ = 1460;
    std::uint16_t window_ = 10, inWindow_ = 0; // segments a round trip, and how many of them were sent
    std::uint32_t requests_ = 1;
    std::uint8_t keepAlives_ = 0, unacknowledged_ = 0, tries_ = 0;
    At at_ = At::Syn, resume_ = At::Syn;
    Fate fate_;
    Close close_ = Close::FourWay;
    Fault fault_ = Fault::None;
    bool fromServer_ = false; // the message being sent
    bool serverCloses_ = false, resetByServer_ = false, resetAcks_ = false;
    bool timestamps_ = true, congestionBits_ = false, paced_ = false;
    bool hideClient_ = false, hideServer_ = false;
};

} // namespace packetloom::generator
