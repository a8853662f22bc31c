// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/timeline_query.h"

#include <cstdint>
#include <optional>
#include <tsl/robin_map.h>
#include <vector>

namespace packetloom {

/// Which flows fit a narrowing, 1 or 0 each; nothing where all do. Of an interval: those that overlap it.
/// Useless when stopped.
std::optional<std::vector<std::uint8_t>> chosenFlows(const Analysis& analysis, const Narrowing& narrowing,
                                                     StopFlag stop);

/// TimelineCount::OpenFlows, into empty bins. Takes time that follows the number of flows.
void countOpenFlows(const Analysis& analysis, const Narrowing& narrowing, TimelineBins& bins, StopFlag stop);

/// Finds the flows of packets, for those flows that have a part in a range of time.
class FlowOfPacket
{
public:
    /// The table must outlive it.
    FlowOfPacket(const FlowTable& flows, const TimeRange& range);

    /// `row` is the packet's number among the kept rows. Nothing where it is in no flow.
    [[nodiscard]] std::optional<std::size_t> find(const Packet& packet, std::uint64_t row) const;

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    struct Link
    {
        std::uint32_t flow, next;
    };

    const FlowTable& flows_;
    tsl::robin_map<FlowKey, std::uint32_t, FlowKeyHash> first_; ///< of the links of a key
    std::vector<Link> links_;
};

} // namespace packetloom
