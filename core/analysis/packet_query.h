// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/narrowing.h"
#include "core/analysis/packet_rows.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace packetloom {

/// The kept rows that a narrowing leaves, in its sense of packets; none of a table of flows. Works on all of
/// the machine's processors; takes time that follows the number of rows, and where flows are asked for the
/// first time that of rowFlowsOf(). Errors: Read, those of rowFlowsOf(), Cancelled, Internal.
Result<PacketRows> selectPackets(const Analysis& analysis, const Narrowing& narrowing,
                                 StopFlag stop = nullptr);

/// A row to look at, and what only its neighbours or its flow know.
struct PacketView
{
    std::uint64_t row = 0; ///< among the kept rows, from 0
    Packet packet;
    /// Microseconds since the row before it among those that are shown; negative where that one is later.
    /// None of the first one, and where it does not fit.
    std::optional<std::int64_t> sinceBefore;
    std::optional<std::uint32_t> flow; ///< index into analysis.flows; also none where it is not known yet
    /// relativeSequence() of its flow's; none without a flow.
    std::optional<std::int64_t> relativeSequence;
};

/// How far a sequence number is behind the first one that its sender used in the flow, which has carried
/// `flowBytes` bytes in all. Numbers of 32 bits go round (RFC 9293, 3.4): the distance is modulo 2^32, from 0
/// on; only where the flow has less than 2 GiB can a packet be known to lie before that first one, and then
/// it is negative. Of other numbers, which only tables hold, the difference; none where that does not fit.
std::optional<std::int64_t> relativeSequence(std::int64_t sequence, std::int64_t first,
                                             std::int64_t flowBytes);

/// Reads pages of rows, for one thread. Keeps the block of the spool that was read last.
class PacketPages
{
public:
    /// The analysis must be there whenever something is read.
    explicit PacketPages(const Analysis& analysis) : analysis_(analysis), reader_(analysis.spool) {}

    /// The `first`-th row of `rows` and up to `count - 1` after it. `flows`: of the same analysis, or null
    /// where they are not there yet. Errors: Read, Internal.
    Result<std::vector<PacketView>> read(const PacketRows& rows, std::uint64_t first, std::size_t count,
                                         const RowFlows* flows);
    /// The place among `rows` of the first one that is not earlier than `time`; the last one's where all are,
    /// none without rows. Of rows that are not in the order of time the first such one in their own order.
    Result<std::optional<std::uint64_t>> placeOfTime(const PacketRows& rows, std::int64_t time,
                                                     StopFlag stop = nullptr);

private:
    const Analysis& analysis_;
    PacketSpool::Reader reader_;
};

} // namespace packetloom
