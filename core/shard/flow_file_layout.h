// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/block_ends.h"
#include "core/shard/packet_shapes.h"
#include "core/support/varint.h"

#include <cstddef>
#include <cstdint>

namespace packetloom::flow_file {

// What FlowFileWriter writes and FlowFileReader reads.

/// Of blocks.
/// Tags of flows: their judgement, how many, the first row of the first one; of opened: how many, the last.
enum Kind : std::uint64_t { flowsKind = 1, longKind, openedKind };

// What is said of a flow with a bit; in the two bits above them the width of its time.
inline constexpr unsigned byTimeoutBit = 1, openedByHighBit = 2, inOrderBit = 4, longBit = 8;
inline constexpr unsigned onePacketBit = 16; ///< and that is the one that opened it
inline constexpr unsigned oddBit = 32;       ///< its first packet has a number that a network does not have
inline constexpr unsigned timeShift = 6, widthMask = 3;

// Of the first packet: the widths of two numbers, and whether the other side sent it than the one that
// opened the flow.
inline constexpr unsigned sequenceShift = 0, acknowledgmentShift = 2, otherSideBit = 16;
inline constexpr unsigned shortBit = 32; ///< all packets of the flow are told one by one, as follows

// Of the next one of those: the widths, and whether the other side sent it than the one before.
inline constexpr unsigned nextTimeShift = 0, nextSequenceShift = 2, nextAcknowledgmentShift = 4,
                          turnedBit = 64;

inline constexpr std::size_t longestHead =
    2 + PacketShapes::longest + 2 * BlockEndsOut::longestEnd + 8 * longestVarint;
inline constexpr std::size_t longestNext = 1 + PacketShapes::longest + 3 * sizeof(std::uint32_t);

} // namespace packetloom::flow_file
