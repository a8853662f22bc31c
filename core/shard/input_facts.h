// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/shard/packed_bytes.h"
#include "core/stats/frame_totals.h"
#include "core/stats/packet_order.h"

#include <array>
#include <string>

namespace packetloom {

/// What a map task knows of its input beside how many rows it has: how regular its packets are, and what its
/// frames are.
struct InputFacts
{
    PacketOrder::Parts order; ///< whose addresses have numbers of the task alone
    /// Addresses of its first and its last packet: source, destination, source, destination.
    std::array<std::string, 4> ends;
    FrameTotals::Parts frames;
};

InputFacts inputFacts(const PacketOrder& order, const FrameTotals& frames, const AddressTable& addresses);
/// Its order with addresses of another table.
PacketOrder orderOf(const InputFacts& facts, AddressTable& addresses);

void put(BytesOut& out, const InputFacts& facts);
/// False when it is none.
bool take(BytesIn& in, InputFacts& facts);

} // namespace packetloom
