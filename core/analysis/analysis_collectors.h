// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/exact_analysis.h"
#include "core/analysis/exact_flow_pieces.h"
#include "core/run/collector.h"
#include "core/support/serial_tasks.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

// What a run is counted and kept in to become an analysis: one for each of the things that are asked for.

namespace packetloom {

/// What is counted of a shard whatever is shown.
class CountingShard : public ShardCollector
{
public:
    void packetOfNoFlow(const Packet& packet, std::uint64_t row) override { pairs_.add(packet, row); }
    void flow(const CompletedFlow& flow, const FlowLife&) override { pairs_.addFlow(FlowCounts::of(flow)); }
    void prefetch(const FlowKey& later, const FlowKey& soon) const override
    {
        pairs_.prefetch(later);
        pairs_.prefetchRecord(soon);
    }
    void exactFlow(const Connection& flow, EndReason ending) override
    {
        tallyExactFlow(exact_, flow.protocol(), flow.state(), ending);
        countOf(flow);
    }
    void voidExactFlows() override { lostOrder_ = true; }
    void countOf(const Connection& flow) override
    {
        if (flow.isTcp())
            pairs_.addFlow(flow.counts());
    }
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const override { return pairs_.growth(flows); }
    [[nodiscard]] PairStats& pairs() { return pairs_; }
    /// Of the exact engine's flows.
    [[nodiscard]] const FlowTally& exactTally() const { return exact_; }
    /// The exact engine's flows are none: the rows are not in the order of time, or nearly.
    [[nodiscard]] bool lostOrder() const { return lostOrder_.load(std::memory_order_relaxed); }

private:
    PairStats pairs_;
    FlowTally exact_;
    std::atomic<bool> lostOrder_{false};
};

/// Also the exact engine's flows.
class ExactFlowsShard final : public CountingShard
{
public:
    void exactFlow(const Connection& flow, EndReason ending) override
    {
        CountingShard::exactFlow(flow, ending);
        flows_.add(flow.flow(ending));
    }
    void voidExactFlows() override
    {
        CountingShard::voidExactFlows();
        flows_ = {};
    }
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const override
    {
        return CountingShard::growth(flows) + flows_.growth(flows);
    }
    [[nodiscard]] ExactFlowPieces& flows() { return flows_; }

private:
    ExactFlowPieces flows_;
};

/// Also the shard's part of the table of flows, and what it adds to the timeline of outcomes.
class TableShard final : public CountingShard
{
public:
    void flow(const CompletedFlow& flow, const FlowLife& life) override
    {
        CountingShard::flow(flow, life);
        flows_.add(flow, life);
        const auto outcome = static_cast<std::size_t>(outcomeOf(life.closeType, life.invalidReason));
        const std::size_t begin = groups_.size();
        flow.packets.forEach([&](std::size_t, const FlowPacket& packet) {
            if (groups_.size() == begin || groups_.back().timestamp >> shift_ != packet.timestamp >> shift_) {
                if (groups_.size() - begin == Timeline::mostBins)
                    widen(begin);
                groups_.push_back({packet.timestamp, outcome, {}});
            }
            Timeline::Cell& cell = groups_.back().packets;
            ++cell.packets;
            cell.bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(packet.length, 0));
        });
    }
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const override
    {
        return CountingShard::growth(flows) + flows_.growth(flows);
    }
    [[nodiscard]] const FlowTable& flows() const { return flows_; }
    void addTo(Timeline& byOutcome) const
    {
        for (const Group& group : groups_)
            byOutcome.add(group.timestamp, group.outcome, group.packets);
    }
    /// Begins anew. `shift` is that of a timeline whose bins can only become wider: packets that share a bin
    /// are added up.
    void clear(unsigned shift)
    {
        shift_ = shift;
        flows_.clear();
        groups_.clear();
    }

private:
    // One flow has packets in more bins than a timeline has: then its bins must become wider, too.
    void widen(std::size_t begin)
    {
        do {
            ++shift_;
            std::size_t last = begin;
            for (std::size_t i = begin + 1; i < groups_.size(); ++i) {
                if (groups_[i].timestamp >> shift_ == groups_[last].timestamp >> shift_) {
                    groups_[last].packets.packets += groups_[i].packets.packets;
                    groups_[last].packets.bytes += groups_[i].packets.bytes;
                } else {
                    groups_[++last] = groups_[i];
                }
            }
            groups_.resize(last + 1);
        } while (groups_.size() - begin == Timeline::mostBins);
    }

    struct Group
    {
        std::int64_t timestamp;
        std::size_t outcome;
        Timeline::Cell packets;
    };
    unsigned shift_ = 0;
    FlowTable flows_;
    std::vector<Group> groups_;
};

template <class Shard>
class AnalysisCollector : public ShardedCollector<Shard>
{
public:
    AnalysisCollector(Analysis& analysis, TaskPool& pool)
        : ShardedCollector<Shard>(pool), analysis_(analysis), pool_(pool)
    {
    }

    [[nodiscard]] std::uint64_t bytesToFinish() const override
    {
        std::uint64_t bytes = AddressStats::bytesToMerge(analysis_.addresses.size());
        for (const auto& shard : this->own()) {
            bytes += shard->pairs().bytesToOrder();
            if constexpr (std::is_same_v<Shard, ExactFlowsShard>)
                bytes += shard->flows().bytesToJoin();
        }
        return bytes;
    }
    void finish(AddressStats& addresses) override
    {
        std::vector<PairStats> pairs;
        for (const auto& shard : this->own())
            pairs.push_back(std::move(shard->pairs()));
        analysis_.pairs.merge(std::move(pairs));
        SerialTasks ordering(pool_, 1);
        ordering.push([this] { analysis_.pairs.putInOrder(); });
        // Whatever an address did, it did in a pair.
        addresses.addPairs(analysis_.pairs);
        ordering.finish();
    }

    /// Of the exact engine, once nobody works any more: what its shards found, where they did not lose the
    /// order of time.
    void takeExactFlows(const ExactRules& rules)
    {
        analysis_.tally = {};
        for (const auto& shard : this->own())
            analysis_.tally += shard->exactTally();
        if constexpr (std::is_same_v<Shard, ExactFlowsShard>) {
            std::vector<ExactFlowPieces*> pieces;
            for (const auto& shard : this->own())
                pieces.push_back(&shard->flows());
            analysis_.exactFlows.set(exactFlowsFrom(pieces, rules));
        }
    }
    /// At any time.
    [[nodiscard]] bool lostOrder() const
    {
        return std::any_of(this->own().begin(), this->own().end(),
                           [](const auto& shard) { return shard->lostOrder(); });
    }

protected:
    [[nodiscard]] Analysis& analysis() const { return analysis_; }

private:
    Analysis& analysis_;
    TaskPool& pool_;
};

/// Without a spool: flows of rows that are out of order cannot be found afterwards, so there is no use in
/// going on.
template <class Shard>
class CountsCollector final : public AnalysisCollector<Shard>
{
public:
    using AnalysisCollector<Shard>::AnalysisCollector;
    std::optional<Error> failure() override
    {
        return this->lostOrder()
                   ? std::optional(Error{.code = Errc::Internal, .detail = "rows out of order", .file = {}})
                   : std::nullopt;
    }
};

/// With all packets.
template <class Shard>
class SpoolingCollector : public AnalysisCollector<Shard>
{
public:
    SpoolingCollector(Analysis& analysis, TaskPool& pool)
        : AnalysisCollector<Shard>(analysis, pool), spooling_(pool, 2 * std::size_t{pool.threads()})
    {
    }

    void packets(const KeptRows& rows) override
    {
        // The timeline is shown while it grows, so it stays on this thread; the spool is nobody's till the
        // end.
        std::size_t i = 0;
        for (const Packet& packet : rows.packets()) {
            this->analysis().byClass.add(packet.timestamp, static_cast<std::size_t>(classify(packet)),
                                         packet.length);
            if (this->analysis().firstRows.size() < keptPreviewRows)
                this->analysis().firstRows.push_back({rows.input, rows.line(i), packet});
            ++i;
        }
        spooling_.push([this, rows, chunkEnded = std::exchange(chunkEnded_, false)] {
            PacketSpool& spool = this->analysis().spool;
            if (chunkEnded)
                spool.endReadChunk();
            const DetailColumns& details = rows.batch->details;
            const bool known = details.any();
            for (std::size_t row = rows.begin; row < rows.end; ++row)
                spool.add(rows.batch->packets[row], known ? extrasOf(details, row) : PacketExtras{});
            spoolFailed_ = spool.failure().has_value();
        });
    }
    void readChunkEnded() override { chunkEnded_ = true; }
    void finish(AddressStats& addresses) override
    {
        spooling_.finish();
        AnalysisCollector<Shard>::finish(addresses);
    }
    std::optional<Error> failure() override
    {
        if (!spoolFailed_)
            return std::nullopt;
        spooling_.finish();
        return this->analysis().spool.failure();
    }

private:
    bool chunkEnded_ = false;
    std::atomic<bool> spoolFailed_{false};
    SerialTasks spooling_;
};

class FlowsCollector final : public SpoolingCollector<TableShard>
{
public:
    using SpoolingCollector::SpoolingCollector;

    void quiet() override
    {
        std::vector<const FlowTable*> parts;
        for (const auto& collector : own()) {
            parts.push_back(&collector->flows());
            collector->addTo(analysis().byOutcome);
        }
        analysis().flows.appendByNumber(parts);
        for (const auto& collector : own())
            collector->clear(analysis().byOutcome.shift());
    }
    [[nodiscard]] std::uint64_t growth(std::size_t rows) const override
    {
        return analysis().flows.growth(rows);
    }
};

} // namespace packetloom
