// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"

#include <string>
#include <vector>

namespace packetloom::test {

/// A TCP packet in the counts of an analysis.
inline void addPacket(Analysis& analysis, const std::string& source, const std::string& destination,
                      std::int64_t timestamp, std::int64_t length)
{
    Packet packet;
    packet.source = analysis.addresses.intern(source);
    packet.destination = analysis.addresses.intern(destination);
    packet.timestamp = timestamp;
    packet.length = length;
    analysis.addressStats.addAny(packet);
    const std::uint64_t row = analysis.totals.tcpPackets++;
    analysis.addressStats.addTcp(packet, row);
    analysis.pairs.add(packet, row);
}

/// One of each kind that has an order of its own.
inline const std::vector<std::string>& someAddresses()
{
    static const std::vector<std::string> all{
        "10.0.0.1", "10.0.0.2", "10.0.0.10", "9.1.1.1", "2001:db8::1", "2001:db8::A",   "fe80::1",
        "17",       "5",        "Host-X",    "host-y",  "<b>",         "::ffff:1.2.3.4"};
    return all;
}

} // namespace packetloom::test
