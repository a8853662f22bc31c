// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/packet.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace packetloom::generator {

/// A segment between two hosts. Numbers are offsets from the initial sequence numbers: 0 is the SYN, 1 the
/// first byte.
struct Segment
{
    std::uint32_t offset = 0;
    std::uint32_t acknowledged = 0;
    std::uint32_t payload = 0;
    std::uint32_t window = 0; ///< bytes
    std::uint16_t flags = 0;
    Marks marks = 0;        ///< those that its sender knows of
    std::uint8_t times = 0; ///< that it was sent before; of pure ACKs 0
};

/// How a host does TCP.
struct TcpHostOptions
{
    std::uint32_t segmentBytes = 1460;
    std::uint32_t bufferBytes = 58'400;
    std::uint32_t timeout = 250'000; ///< microseconds until the first retransmission of data
    std::uint8_t tries = 6;          ///< of one segment, before it gives up
    bool listens = false;            ///< it waits for a SYN instead of sending one
    bool refuses = false;            ///< a SYN: with a reset
    bool closesAtOnce = false;       ///< as soon as its peer did, with the ACK of that
};

/// One end of a TCP connection that is simulated: sequence numbers and the three-way handshake (RFC 9293),
/// retransmission after a timeout (RFC 6298), slow start, fast retransmit and recovery without selective
/// acknowledgments (RFC 5681, 6582), delayed ACKs (RFC 1122, 4.2.3.2), zero windows and their probes,
/// keep-alives. Its window's right edge never moves back. No new data while it recovers from a loss.
class TcpHost
{
public:
    using Time = std::uint64_t; ///< microseconds
    static constexpr Time never = ~Time{0};

    explicit TcpHost(const TcpHostOptions& options) : options_(options) {}

    // What its application does.
    void connect(Time now);
    void write(std::uint32_t bytes, Time now);
    void close(Time now);
    void abort();
    void keepAlive(bool withByte);
    void stopReading() { reads_ = false; }
    void readOn();
    /// It neither answers nor sends any more.
    void vanish();

    void arrive(const Segment& segment, Time now);
    /// When the next of its timers runs out.
    [[nodiscard]] Time deadline() const;
    void expire(Time now);

    /// What it wants to send now, in order; whoever takes them empties it.
    std::vector<Segment> outbox;

    /// Bytes that its application got.
    [[nodiscard]] std::uint32_t received() const { return delivered_; }
    [[nodiscard]] bool established() const { return state_ == State::Established; }
    [[nodiscard]] bool peerClosed() const { return finAt_ != 0 && nextExpected_ > finAt_; }
    /// All that it sent was acknowledged.
    [[nodiscard]] bool quiet() const { return sent_.empty() && nextToSend_ > written_; }

private:
    enum class State : std::uint8_t { Closed, SynSent, SynReceived, Established, Gone, Reset };
    struct Sent
    {
        std::uint32_t offset = 0, payload = 0;
        std::uint16_t flags = 0;
        std::uint8_t times = 0;
        [[nodiscard]] std::uint32_t end() const
        {
            return offset + payload + ((flags & (syn | fin)) != 0 ? 1U : 0U);
        }
    };

    void put(std::uint32_t offset, std::uint32_t payload, std::uint16_t flags, Marks marks = 0,
             std::uint8_t times = 0);
    void send(std::uint32_t payload, std::uint16_t flags, Time now, Marks marks = 0);
    void sendAgain(Marks why, Time now);
    void sendWhatMay(Time now);
    void takeAck(const Segment& segment, Time now);
    void takeData(const Segment& segment, Time now);
    void takeInOrder();
    void duplicateAckOf(const Segment& segment, Time now);
    [[nodiscard]] std::uint32_t window() const { return options_.bufferBytes - unread_; }
    [[nodiscard]] Time timeoutNow() const;

    TcpHostOptions options_;
    State state_ = State::Closed;
    // The sender.
    std::uint32_t written_ = 0; // bytes of its application
    std::uint32_t nextToSend_ = 0, edge_ = 0;
    std::uint32_t congestionWindow_ = 0, recoverUntil_ = 0;
    std::uint8_t duplicates_ = 0, backoff_ = 0, probes_ = 0;
    bool recovers_ = false, wantsFin_ = false, finSent_ = false;
    std::deque<Sent> sent_; // and not acknowledged
    std::uint32_t acknowledged_ = 0;
    Time retransmitAt_ = never, probeAt_ = never;
    // The receiver.
    std::uint32_t nextExpected_ = 0, delivered_ = 0, unread_ = 0, finAt_ = 0;
    std::uint8_t unanswered_ = 0; // segments without an ACK
    bool reads_ = true;
    std::map<std::uint32_t, std::uint32_t> early_; // from .. to, behind a hole
    Time ackAt_ = never;
};

} // namespace packetloom::generator
