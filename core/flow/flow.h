// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_key.h"
#include "core/flow/tcp_flags.h"

#include <cstdint>
#include <span>

namespace packetloom {

/// A packet as its flow keeps it: what differs from packet to packet of one connection.
struct FlowPacket
{
    std::int64_t timestamp = 0; ///< microseconds since the epoch
    std::int64_t sequence = 0;
    std::int64_t acknowledgment = 0;
    std::int64_t length = 0; ///< bytes
    TcpFlags flags;
    bool fromHigh = false; ///< sent by FlowKey::high

    static FlowPacket of(const Packet& packet, const FlowKey& key)
    {
        return {.timestamp = packet.timestamp,
                .sequence = packet.sequence,
                .acknowledgment = packet.acknowledgment,
                .length = packet.length,
                .flags = packet.flags,
                .fromHigh = !(Endpoint{packet.source, packet.sourcePort} == key.low)};
    }
    friend bool operator==(const FlowPacket&, const FlowPacket&) = default;
};

/// A flow that will get no more packets, before the state machine looked at it.
struct CompletedFlow
{
    std::uint64_t number = 0; ///< from 1, in order of first packet; the N of "flow_N"
    FlowKey key;
    std::span<const FlowPacket>
        packets;                ///< by timestamp, file order where equal; never empty; valid during take()
    bool byTimeout = false;     ///< by inactivity alone, without FIN or RST
    std::uint64_t firstRow = 0; ///< numbers that FlowTracker::add() got with the first packet in file order
    std::uint64_t lastRow = 0;  ///< and with the last

    [[nodiscard]] const Endpoint& source(const FlowPacket& p) const
    {
        return p.fromHigh ? key.high : key.low;
    }
    [[nodiscard]] const Endpoint& destination(const FlowPacket& p) const
    {
        return p.fromHigh ? key.low : key.high;
    }
};

/// Receives flows in the order in which they complete.
class FlowSink
{
public:
    FlowSink() = default;
    FlowSink(const FlowSink&) = delete;
    FlowSink& operator=(const FlowSink&) = delete;
    virtual ~FlowSink() = default;
    /// False stops the run.
    virtual bool take(const CompletedFlow& flow) = 0;
};

} // namespace packetloom
