// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_tracker.h"

#include <cstdint>
#include <utility>

namespace packetloom::test {

/// Bytes of some eight packets.
inline constexpr std::size_t smallSpill = 100;

inline Packet packetBetween(std::uint32_t client, std::int64_t timestamp)
{
    Packet packet;
    packet.timestamp = timestamp;
    packet.source = AddressId{client};
    packet.destination = AddressId{1000};
    packet.sourcePort = 40000;
    packet.destinationPort = 80;
    packet.flags.bits = TcpFlags::ack;
    packet.protocol = protocolTcp;
    packet.hasProtocol = true;
    return packet;
}

inline void turn(Packet& packet)
{
    std::swap(packet.source, packet.destination);
    std::swap(packet.sourcePort, packet.destinationPort);
}

/// Flows as they go to another thread.
class Batch final : public FlowSink
{
public:
    bool take(const PackedFlow& flow) override
    {
        flows.add(flow);
        return true;
    }
    FlowBatch flows;
};

} // namespace packetloom::test
