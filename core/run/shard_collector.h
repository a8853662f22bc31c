// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/connection.h"
#include "core/model/flow.h"
#include "core/model/flow_life.h"

#include <cstddef>
#include <cstdint>

namespace packetloom {

/// What a shard's flows and packets are counted in. One thread at a time calls it.
class ShardCollector
{
public:
    ShardCollector() = default;
    ShardCollector(const ShardCollector&) = delete;
    ShardCollector& operator=(const ShardCollector&) = delete;
    virtual ~ShardCollector() = default;

    /// A TCP packet that belongs to no flow; the others are in the flows. `row` is its number among all kept
    /// rows.
    virtual void packetOfNoFlow(const Packet& packet, std::uint64_t row) = 0;
    /// The shard's flows, in the order of their completion.
    virtual void flow(const CompletedFlow& flow, const FlowLife& life) = 0;
    /// That flow() will be called for flows with these ends, and before the one for the other.
    virtual void prefetch(const FlowKey& /*later*/, const FlowKey& /*soon*/) const {}
    /// Of the exact engine, instead of flow(): a flow that ended, of any protocol.
    virtual void exactFlow(const Connection& /*flow*/, EndReason /*ending*/) {}
    /// Of the exact engine where the order of time turns out to be another one than it can follow: what it
    /// told are no flows, and there will be no more of them. Their TCP packets were counted, though, and the
    /// others come to countOf() and packetOfNoFlow().
    virtual void voidExactFlows() {}
    virtual void countOf(const Connection& /*flow*/) {}
    /// See growthOf(): for so many flows.
    [[nodiscard]] virtual std::uint64_t growth(std::size_t flows) const = 0;
};

} // namespace packetloom
