// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/exact_flows.h"
#include "core/support/result.h"
#include "core/support/stop_flag.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace packetloom {

/// Why the two engines do not tell the same of some packets (docs/engine-comparison.md). Each case is of one
/// of these.
enum class EngineDifference : std::uint8_t {
    // The same packets, judged otherwise.
    NumberWraps, ///< a number of the handshake is the last of 32 bits, and the reference does not wrap
    HandshakeOutOfOrder, ///< the answer stands before the SYN
    AckOutOfPlace,       ///< the first bare ACK after the SYN+ACK is not that of the handshake
    AckWithData,         ///< the handshake's ACK has data, which no rule of the reference fits
    ResetInHandshake,    ///< established, and the reference had not seen that when the RST came
    NeverEstablished,    ///< a close or reset without a handshake counts as one for the reference
    HalfClosed,          ///< one side closed, which is a graceful close for the reference
    ResetWithClose,      ///< both a close and a reset: the engines take another one for the end
    BeginMissed,         ///< no SYN was captured: the exact engine says nothing of the end
    Direction,           ///< another end for the initiator
    // Other packets.
    LatePackets,          ///< stragglers after the close are a flow of their own for the reference
    ReadChunk,            ///< a read chunk ended between a FIN or RST and the rest of the connection
    ReferenceInactivity,  ///< the reference ended it by inactivity, the exact engine did not
    SynWithAnotherNumber, ///< after a SYN without an answer one with another number is a new attempt, and the
                          ///< reference waits for the answer to the first
    PortReuse,            ///< a new connection with the same ends, which is the same flow for the reference
    AfterLinger,          ///< stragglers so late that they are a flow of their own for the exact engine
    ExactInactivity, ///< the exact engine ended it by inactivity, at its time and not at a read chunk's end
    AttemptEnded,    ///< an attempt, or half a close, ended before more packets came
    LeftOut,         ///< the exact engine leaves out packets without a whole header
    ReferenceOnly,   ///< a flow of which the exact engine knows no packet
    ExactOnly,       ///< a flow of which the reference knows no packet: a port is 0
    Several,         ///< more than one of these
    Other,
};
inline constexpr std::size_t engineDifferenceCount = 23;
/// A stable name: "number_wraps", ...
std::string_view engineDifferenceName(EngineDifference difference);

/// Flows of the two engines that have packets in common, directly or by way of each other, and are not told
/// alike.
struct EngineCase
{
    EngineDifference why{};
    std::span<const std::uint32_t> reference; ///< indexes into its flows, by their first rows
    std::span<const std::uint32_t> exact;     ///< indexes into the ExactFlows, by their first packets
};

/// How much there is of something.
struct EngineCounts
{
    std::uint64_t cases = 0, reference = 0, exact = 0; ///< flows of each engine
    std::uint64_t packets = 0; ///< that the reference's flows have, or else the exact's
};

/// The TCP flows of the reference and of the exact engine over the same packets. Every flow is in exactly one
/// case: of `agree`, or of one difference. Immutable; any number of threads may read.
class EngineComparison
{
public:
    /// One flow of each, with the same packets and outcomes that mean the same.
    [[nodiscard]] const EngineCounts& agree() const { return agree_; }
    [[nodiscard]] const EngineCounts& counts(EngineDifference difference) const
    {
        return counts_[static_cast<std::size_t>(difference)];
    }
    /// All that do not agree; in the order of their first rows within each difference.
    [[nodiscard]] std::size_t cases(EngineDifference difference) const
    {
        return cases_[static_cast<std::size_t>(difference)].size();
    }
    [[nodiscard]] EngineCase at(EngineDifference difference, std::size_t i) const;
    /// The flows of the reference of all cases of a difference, in order.
    [[nodiscard]] std::vector<std::uint32_t> referenceFlows(EngineDifference difference) const;

private:
    friend class EngineComparer;
    struct Place
    {
        std::uint32_t begin, exactBegin, end; ///< into flows_
    };
    EngineCounts agree_;
    std::array<EngineCounts, engineDifferenceCount> counts_{};
    std::array<std::vector<Place>, engineDifferenceCount> cases_;
    std::vector<std::uint32_t> flows_;
};

using EngineComparisonPtr = std::shared_ptr<const EngineComparison>;

/// What was compared, and what came of it.
struct ComparedEngines
{
    std::shared_ptr<const FlowTable> reference; ///< flows of the comparison go by their indexes in these
    ExactFlowsPtr exact;
    EngineComparisonPtr comparison;
    /// Whose flows are those of the analysis: the reference's, or else the exact engine's. Their indexes are
    /// those of analysis.flows.
    bool ofReference = true;
};

/// Compares the engines over the packets of an analysis, by the rules of its options. Two passes over the
/// spool, and another where the reference's flows are not there; takes some 150 bytes a flow while it is
/// made. Never of a table of flows. Errors: those of referenceFlowsOf() and exactFlowsOf(), Cancelled.
Result<ComparedEngines> compareEngines(const std::shared_ptr<const Analysis>& analysis,
                                       StopFlag stop = nullptr);

} // namespace packetloom
