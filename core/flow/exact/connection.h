// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/connection_key.h"
#include "core/flow/exact/exact_flow.h"
#include "core/flow/exact/exact_rules.h"
#include "core/flow/exact/segment.h"
#include "core/flow/exact/segment_judge.h"
#include "core/flow/exact/tcp_connection.h"
#include "core/model/flow_counts.h"
#include "core/support/prefetch.h"

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
    /// sender is the originator, whatever the ports. The rules must outlive it.
    void open(const ConnectionKey& key, const ExactRules& rules, const Packet& packet, bool fromHigh,
              bool toAll = false);
    void open(const ConnectionKey&, const ExactRules&&, const Packet&, bool, bool = false) = delete;

    [[nodiscard]] const ConnectionKey& key() const { return key_; }
    /// Whether the packet, which has the key of this one and comes in time (deadline()), is nevertheless not
    /// one of its packets but the first one of another flow.
    [[nodiscard]] bool isReusedBy(const Packet& packet, const PacketExtras& extras, bool fromHigh) const
    {
        return isTcp() && packet.flags.has(TcpFlags::syn) && isReuse(packet, extras, fromHigh);
    }
    /// The time after which no packet can be one of its own, and why.
    [[nodiscard]] TcpConnection::Deadline deadline() const;
    /// The next packet.
    SegmentVerdict add(const Packet& packet, const PacketExtras& extras, bool fromHigh, std::uint64_t row);
    /// What it was. The history is valid as long as this is not changed.
    [[nodiscard]] ExactFlow flow(EndReason ending) const;
    [[nodiscard]] ConnState state() const;
    /// Asks the processor to fetch what lies elsewhere.
    void prefetchJudged() const { prefetchLines(judged_.get(), judged_ ? sizeof(Judged) : 0); }
    [[nodiscard]] std::int64_t protocol() const { return key_.protocol; }
    [[nodiscard]] bool isTcp() const { return key_.protocol == protocolTcp; }
    /// What all of its packets, also those that were not believed, add to the statistics of addresses.
    [[nodiscard]] FlowCounts counts() const;

private:
    /// Of all packets of a side that are believed.
    struct Counts
    {
        std::uint64_t packets = 0;
        WideSum wireBytes;
        std::uint64_t ipBytes = 0, payload = 0, data = 0;
    };
    struct Marks
    {
        std::uint32_t retransmissions = 0, fast = 0, spurious = 0, outOfOrder = 0, gaps = 0,
                      duplicateAcks = 0, zeroWindows = 0, windowFull = 0, keepAlives = 0;
    };
    /// What is known where payloads are.
    struct Judged
    {
        SegmentJudge segments;
        std::array<Marks, 2> marks; ///< by side: originator, responder
    };
    struct Handshake
    {
        MaybeTime syn, synAck, ack; ///< times, for the two halves
        MaybeTime synToSynAck, synAckToAck;
    };
    /// Packets that are not believed, of one end of the key.
    struct Unbelieved
    {
        std::uint64_t packets = 0;
        WideSum wireBytes;
    };

    [[nodiscard]] bool isReuse(const Packet& packet, const PacketExtras& extras, bool fromHigh) const;
    [[nodiscard]] bool isIgnored(const PacketExtras& extras) const;
    void ignore(const Packet& packet, bool fromHigh, bool fromOriginator);
    void addTcp(const Packet& packet, const PacketExtras& extras, SegmentVerdict& verdict);
    void noteHandshake(const Packet& packet, bool fromOriginator);
    void noteCompleteness(const Packet& packet, bool hasData);
    static void count(const SegmentVerdict& verdict, Marks& marks);
    void noteData(std::int64_t time, bool fromOriginator);
    void flip();
    [[nodiscard]] TcpSegment segmentOf(const Packet& packet, const PacketExtras& extras) const;
    [[nodiscard]] std::int64_t inactivity() const;
    Judged& judged();

    ConnectionKey key_;
    const ExactRules* rules_ = nullptr;
    bool originatorIsHigh_ = false;
    bool measured_ = true; ///< all payloads were known
    bool ipBytesKnown_ = true, windowsKnown_ = true;
    bool isJudged_ = false; ///< judged_ is of this flow
    std::uint8_t completeness_ = 0;
    bool openedByHigh_ = false; ///< the packet of the lowest row came from there
    std::uint64_t firstRow_ = 0, lastRow_ = 0, lowestRow_ = 0;
    std::int64_t start_ = 0, lastTime_ = 0, lastPacket_ = 0, longestSilence_ = 0;
    bool empty_ = true;            ///< nothing came yet
    std::array<Counts, 2> counts_; ///< by side: originator, responder
    MaybeTime request_, firstResponse_;
    TcpConnection tcp_; ///< of other protocols its history alone
    Handshake handshake_;
    std::unique_ptr<std::array<Unbelieved, 2>> ignored_; ///< by end of the key, low and high; null: none
    std::unique_ptr<Judged> judged_;                     ///< kept from flow to flow
};

} // namespace packetloom
