// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_counts.h"
#include "core/run/flow_shards.h"
#include "core/run/kept_rows.h"
#include "core/run/shard_collector.h"
#include "core/stats/address_stats.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// What is counted and kept of a run. All calls but those of its shards come from the thread that owns the
/// run.
class Collector
{
public:
    Collector() = default;
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;
    virtual ~Collector() = default;

    /// One a shard; the collector's own. Of a run with an output, flows are not for them but for flow().
    virtual std::vector<ShardCollector*> shards() = 0;
    /// Every kept packet, in file order.
    virtual void packets(const KeptRows&) {}
    /// Flows are judged between the last packet and the next.
    virtual void readChunkEnded() {}
    /// Of a run with an output: a flow, in order of completion.
    virtual void flow(const FlowCounts&) {}
    /// No thread works on a shard: what they have may be taken.
    virtual void quiet() {}

    /// See growthOf(): for so many rows or flows. What the shards take, they say themselves.
    [[nodiscard]] virtual std::uint64_t growth(std::size_t) const { return 0; }
    /// What finish() takes for itself, in bytes of memory.
    [[nodiscard]] virtual std::uint64_t bytesToFinish() const { return 0; }
    /// After the last packet and flow: whatever is still under way is done when it returns. Adds what was
    /// counted of addresses.
    virtual void finish(AddressStats&) {}
    /// Asked now and then: an error ends the run.
    virtual std::optional<Error> failure() { return std::nullopt; }
};

/// A collector whose shards are all of one kind.
template <class Shard>
class ShardedCollector : public Collector
{
public:
    explicit ShardedCollector(const TaskPool& pool)
    {
        for (std::size_t i = 0; i < FlowShards::shardsFor(pool); ++i)
            own_.push_back(std::make_unique<Shard>());
    }

    std::vector<ShardCollector*> shards() override
    {
        std::vector<ShardCollector*> pointers;
        for (const auto& shard : own_)
            pointers.push_back(shard.get());
        return pointers;
    }

protected:
    [[nodiscard]] const std::vector<std::unique_ptr<Shard>>& own() const { return own_; }

private:
    std::vector<std::unique_ptr<Shard>> own_;
};

} // namespace packetloom
