// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_tracker.h"
#include "core/run/kept_rows.h"
#include "core/run/row_figures.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// What was found out about some rows without knowing those before them: which shard each TCP packet is for,
/// and the statistics of packets.
struct RoutedRows
{
    struct ShardRows
    {
        std::vector<FlowTracker::Routed> packets; ///< of flows of the shard, in file order
        std::vector<std::uint32_t> ofNoFlow;      ///< TCP packets that belong to no flow
    };
    KeptRows rows;
    std::vector<ShardRows> shards; ///< by shard; indexes are those of rows.packets()
    RowFigures figures;
};

/// The shard of a pair of addresses, by FlowKeyHash::pair().
inline std::size_t shardOf(std::uint64_t pairHash, std::size_t shards)
{
    return static_cast<std::size_t>((pairHash >> 32) * shards >> 32);
}

/// Routes rows to shards by the addresses of their flow: every packet of a flow, and all flows of a pair of
/// addresses, are in one shard. Any thread, any order.
class RowRouter
{
public:
    /// `marks`, of the addresses that were seen, must outlive the router.
    RowRouter(std::size_t shards, const FlowKeyHash& hash, PacketStats stats, AddressMarks& marks)
        : shards_(shards), hash_(hash), stats_(stats), marks_(marks)
    {
    }

    [[nodiscard]] const FlowKeyHash& hash() const { return hash_; }
    /// `rows` is set; all else is overwritten.
    void route(RoutedRows& routed) const;

private:
    std::size_t shards_;
    FlowKeyHash hash_;
    PacketStats stats_;
    AddressMarks& marks_;
};

} // namespace packetloom
