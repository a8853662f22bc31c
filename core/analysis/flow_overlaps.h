// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/exact_flows.h"
#include "core/analysis/flow_table.h"
#include "core/analysis/packet_spool.h"
#include "core/support/result.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// Some packets that belong to a flow of each engine.
struct FlowOverlap
{
    std::uint32_t reference = 0, exact = 0; ///< indexes
    std::uint64_t packets = 0;
};

/// What is known of the packets of a flow of the reference, to say why it is told otherwise.
struct ReferenceFacts
{
    enum Mark : std::uint8_t {
        Syn = 1, ///< without ACK
        SynAck = 2,
        Fin = 4,
        Rst = 8,
        OtherSyn = 16,    ///< a SYN with another number than the first
        NumberWraps = 32, ///< of a SYN or SYN+ACK: 2^32 - 1
        SynAckFirst = 64, ///< a SYN+ACK stands before the SYN, by time
    };
    std::int64_t synSequence = 0, synTime = 0;
    std::int64_t synAckTime = 0;
    std::uint8_t marks = 0;

    [[nodiscard]] bool has(Mark mark) const { return (marks & mark) != 0; }
};

/// Which flows have which packets in common.
struct FlowOverlaps
{
    std::vector<FlowOverlap> all;      ///< by reference, then by exact
    std::vector<ReferenceFacts> facts; ///< by flow of the reference
    std::vector<std::uint32_t> exact;  ///< all flows of TCP

    /// One pass over the spool, whose flows both are. Errors: Read, Cancelled.
    static Result<FlowOverlaps> of(const FlowTable& reference, const ExactFlows& exact,
                                   const PacketSpool& spool, StopFlag stop);
};

} // namespace packetloom
