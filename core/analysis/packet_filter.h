// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/filter/row_filter.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <span>
#include <vector>

namespace packetloom {

/// A filter with the packets of an analysis, in a packet's sense: the source is the sender. What only flows
/// have, and what stands in flow(), is asked of the packet's flow; of a packet without one it is not true.
class PacketFilter
{
public:
    /// A packet that belongs to no flow.
    static constexpr std::uint32_t noFlow = ~std::uint32_t{0};

    /// The analysis must outlive it, and be published. Takes time that follows the number of addresses, and
    /// of flows where they are asked; when stopped it matches nothing of use.
    PacketFilter(const Analysis& analysis, const FilterExpression& expression, StopFlag stop = nullptr);

    /// Whether match() needs to know whose flow the packets are.
    [[nodiscard]] bool asksOfFlows() const { return !flowHits_.empty(); }
    /// Which of the packets it matches: 1, else 0. `flowOfRow` has the index of each packet's flow in
    /// Analysis::flows, or noFlow; it may be empty when nobody asks. Any number of threads.
    void match(std::span<const Packet> packets, std::span<const std::uint32_t> flowOfRow,
               std::span<std::uint8_t> hits) const;

private:
    RowFilter rows_;
    std::vector<std::vector<std::uint8_t>> flowHits_; ///< by RowFilter::flowParts(), by flow
};

} // namespace packetloom
