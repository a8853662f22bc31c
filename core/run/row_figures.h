// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/stats/address_marks.h"
#include "core/stats/flag_stats.h"
#include "core/stats/packet_order.h"
#include "core/stats/timestamp_store.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

namespace packetloom {

/// Which statistics of packets are wanted: an export of what was analyzed has them already.
enum class PacketStats : std::uint8_t { Unwanted, Wanted };

/// The statistics of some rows that follow each other, found out without knowing those before them.
struct RowFigures
{
    std::uint64_t tcpPackets = 0;
    std::optional<std::int64_t> newest; ///< newest TCP timestamp
    FlagStats flags;
    TimestampStore::Run timestamps;
    PacketOrder order;

    /// Begins anew, with what is known of all of them at once.
    void begin(std::span<const Packet> packets, PacketStats stats)
    {
        tcpPackets = 0;
        newest.reset();
        flags.clear();
        timestamps.clear();
        order = {};
        if (stats == PacketStats::Wanted)
            order.add(packets);
    }
    /// `marks`, of the addresses that were seen, has room for those of the packet.
    void add(const Packet& packet, PacketStats stats, AddressMarks& marks)
    {
        if (stats == PacketStats::Wanted) {
            timestamps.add(packet.timestamp);
            marks.note(packet.source);
            marks.note(packet.destination);
        }
        if (!packet.isTcp())
            return;
        newest = std::max(newest.value_or(packet.timestamp), packet.timestamp);
        ++tcpPackets;
        if (stats == PacketStats::Wanted)
            flags.add(packet.flags);
    }
    void end() { timestamps.end(); }
};

} // namespace packetloom
