// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"

#include <algorithm>
#include <cstdint>

namespace packetloom {

/// What every kept packet counts for, one by one; a run counts batches (RowRouter).
struct PacketTotals
{
    std::uint64_t packets = 0, tcpPackets = 0;
    std::int64_t firstTimestamp = 0, lastTimestamp = 0; ///< microseconds since the epoch; 0 without packets

    void add(const Packet& packet)
    {
        firstTimestamp = packets == 0 ? packet.timestamp : std::min(firstTimestamp, packet.timestamp);
        lastTimestamp = packets == 0 ? packet.timestamp : std::max(lastTimestamp, packet.timestamp);
        ++packets;
        tcpPackets += packet.isTcp() ? 1u : 0u;
    }
};

} // namespace packetloom
