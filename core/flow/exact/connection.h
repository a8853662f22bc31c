// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/connection_key.h"
#include "core/flow/exact/exact_flow.h"
#include "core/flow/exact/exact_rules.h"
#include "core/flow/exact/segment.h"
#include "core/flow/exact/segment_judge.h"
#include "core/flow/exact/tcp_connection.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace packetloom {

/// One flow of the exact engine while it is open (docs/exact-engine.md): of TCP with its states and figures,
/// of other protocols what can be counted. Packets come in the order of time. Memory is bounded, whatever
/// the number of packets.
class Connection
{
public:
    /// Begins anew with the packet that add() gets next. `toAll`: it was sent to everybody, so that its
    /// sender is the originator, whatever the ports.
    void open(const ConnectionKey& key, const ExactRules& rules, const Packet& packet, bool fromHigh,
              bool toAll = false);

    [[nodiscard]] const ConnectionKey& key() const { return key_; }
    /// Why the packet, which has the key of this one, is not one of its packets but the first one of another
    /// flow; none if it is.
    [[nodiscard]] std::optional<EndReason> endsBefore(const Packet& packet, const PacketExtras& extras,
                                                      bool fromHigh) const;
    /// The time after which no packet can be one of its own, and why.
    [[nodiscard]] TcpConnection::Deadline deadline() const;
    /// The next packet.
    SegmentVerdict add(const Packet& packet, const PacketExtras& extras, bool fromHigh, std::uint64_t row);
    /// What it was. The history is valid as long as this is not changed.
    [[nodiscard]] ExactFlow flow(EndReason ending) const;

private:
    struct Counts
    {
        std::uint64_t packets = 0, wireBytes = 0, ipBytes = 0, payload = 0, data = 0;
        std::uint32_t retransmissions = 0, fast = 0, spurious = 0, outOfOrder = 0, gaps = 0,
                      duplicateAcks = 0, zeroWindows = 0, windowFull = 0, keepAlives = 0;
    };
    struct Tcp
    {
        TcpConnection connection;
        SegmentJudge segments;
        std::uint8_t completeness = 0;
        std::optional<std::int64_t> syn, synAck, ack; ///< times, for the handshake's halves
        std::optional<std::int64_t> synToSynAck, synAckToAck;
    };

    [[nodiscard]] bool isIgnored(const PacketExtras& extras) const;
    void ignore(bool fromOriginator);
    void addTcp(const Packet& packet, const PacketExtras& extras, SegmentVerdict& verdict);
    void noteHandshake(const Packet& packet, bool fromOriginator);
    void noteCompleteness(const Packet& packet, bool hasData);
    void count(const SegmentVerdict& verdict, Counts& counts) const;
    void noteData(std::int64_t time, bool fromOriginator);
    void flip();
    [[nodiscard]] TcpSegment segmentOf(const Packet& packet, const PacketExtras& extras) const;
    [[nodiscard]] std::int64_t inactivity() const;
    [[nodiscard]] bool isTcp() const { return key_.protocol == protocolTcp; }
    [[nodiscard]] ConnState state() const;

    ConnectionKey key_;
    ExactRules rules_;
    bool originatorIsHigh_ = false;
    bool measured_ = true; ///< all payloads were known
    bool ipBytesKnown_ = true, windowsKnown_ = true;
    std::uint64_t firstRow_ = 0, lastRow_ = 0, wireBytes_ = 0;
    std::int64_t start_ = 0, lastTime_ = 0, lastPacket_ = 0, longestSilence_ = 0;
    bool empty_ = true;            ///< nothing came yet
    std::array<Counts, 2> counts_; ///< by side: originator, responder
    std::optional<std::int64_t> request_, firstResponse_;
    FlowHistory history_;      ///< of UDP
    std::unique_ptr<Tcp> tcp_; ///< kept from flow to flow
};

} // namespace packetloom
