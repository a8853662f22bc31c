// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"

#include "core/analysis/exact_analysis.h"
#include "core/analysis/selected_rows.h"
#include "core/run/capture_rows.h"
#include "core/run/run.h"
#include "core/support/guard.h"
#include "core/support/serial_tasks.h"
#include "core/support/temporary_folder.h"

#include <atomic>
#include <utility>

namespace packetloom {
namespace {

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
    [[nodiscard]] std::uint64_t growth(std::size_t flows) const override { return pairs_.growth(flows); }
    [[nodiscard]] PairStats& pairs() { return pairs_; }

private:
    PairStats pairs_;
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
        for (const auto& shard : this->own())
            bytes += shard->pairs().bytesToOrder();
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

protected:
    [[nodiscard]] Analysis& analysis() const { return analysis_; }

private:
    Analysis& analysis_;
    TaskPool& pool_;
};

using CountsCollector = AnalysisCollector<CountingShard>;

class FlowsCollector final : public AnalysisCollector<TableShard>
{
public:
    FlowsCollector(Analysis& analysis, TaskPool& pool)
        : AnalysisCollector(analysis, pool), spooling_(pool, 2 * std::size_t{pool.threads()})
    {
    }

    void packets(const KeptRows& rows) override
    {
        // The timeline is shown while it grows, so it stays on this thread; the spool is nobody's till the
        // end.
        std::size_t i = 0;
        for (const Packet& packet : rows.packets()) {
            analysis().byClass.add(packet.timestamp, static_cast<std::size_t>(classify(packet)),
                                   packet.length);
            if (analysis().firstRows.size() < keptPreviewRows)
                analysis().firstRows.push_back({rows.input, rows.line(i), packet});
            ++i;
        }
        spooling_.push([this, rows, chunkEnded = std::exchange(chunkEnded_, false)] {
            PacketSpool& spool = analysis().spool;
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
    void finish(AddressStats& addresses) override
    {
        spooling_.finish();
        AnalysisCollector::finish(addresses);
    }
    std::optional<Error> failure() override
    {
        if (!spoolFailed_)
            return std::nullopt;
        spooling_.finish();
        return analysis().spool.failure();
    }

private:
    bool chunkEnded_ = false;
    std::atomic<bool> spoolFailed_{false};
    SerialTasks spooling_;
};

using AnalysisResult = Result<std::shared_ptr<CaptureAnalysis>>;

/// What rows make; they are of the inputs of the analysis, with its addresses. `flowsCount`: whoever follows
/// the progress may be shown the flows.
AnalysisResult analyzed(std::shared_ptr<CaptureAnalysis> analysis, RowSource& rows, Depth depth,
                        bool flowsCount, StopFlag enough, TaskPool& pool, ProgressMeter& meter,
                        const std::filesystem::path& folder)
{
    std::unique_ptr<Collector> collector;
    if (depth == Depth::Flows)
        collector = std::make_unique<FlowsCollector>(*analysis, pool);
    else
        collector = std::make_unique<CountsCollector>(*analysis, pool);
    Run run({.rows = rows,
             .addresses = analysis->addresses,
             .collector = *collector,
             .flowTimeoutSeconds = analysis->options.flowTimeoutSeconds,
             .enough = enough},
            pool, meter, folder);
    if (depth == Depth::Flows) {
        meter.progress().timeline = &analysis->byClass;
        // The exact engine has others, which are known at the end.
        const bool theirs = analysis->options.flowsBy == FlowsBy::Reference;
        flowsCount = flowsCount && theirs;
        meter.progress().flowsCount = theirs;
        meter.progress().tally = theirs ? &run.tally() : nullptr;
        meter.progress().flowTable = flowsCount ? &analysis->flows : nullptr;
        meter.progress().addressTable = &analysis->addresses;
    }
    auto result = run.run();
    meter.progress().tally = nullptr; // of the run
    meter.progress().flowTable = nullptr;
    if (!result)
        return std::move(result).error();
    if (auto spooled = analysis->spool.finish(); !spooled)
        return std::move(spooled).error();
    analysis->totals = std::move(result->totals);
    analysis->totals.noteNothingKept();
    analysis->partial = run.endedEarly();
    analysis->tally = result->tally;
    analysis->addressStats = std::move(result->addressStats);
    analysis->flags = std::move(result->flags);
    analysis->bins = std::move(result->bins);
    return analysis;
}

AnalysisResult analyzedCaptures(const Options& options, Plan& plan, Depth depth, StopFlag enough,
                                ProgressMeter& meter, const std::filesystem::path& folder)
{
    auto analysis = std::make_shared<CaptureAnalysis>(options, folder);
    TaskPool pool(options.threads);
    const bool spools = depth == Depth::Flows;
    CaptureRows rows(options, plan, analysis->addresses, pool, spools ? detailsOfExtras() : Details());
    meter.progress().bytesTotal = plan.bytesTotal;
    return analyzed(std::move(analysis), rows, depth, !plan.filter.flows, enough, pool, meter, folder);
}

/// The flows of another analysis that its filter selects, and what belongs to them.
AnalysisResult analyzedFlows(const std::shared_ptr<const CaptureAnalysis>& whole,
                             const FilterExpression& flows, Depth depth, ProgressMeter& meter,
                             const std::filesystem::path& folder)
{
    auto analysis = std::make_shared<CaptureAnalysis>(whole->options, folder);
    for (std::uint32_t i = 0; i < whole->addresses.size(); ++i) // in the same order, so by the same numbers
        analysis->addresses.intern(whole->addresses.text(AddressId{i}));
    const auto selection = std::make_shared<const FlowSelection>(*whole, flows);
    TaskPool pool(whole->options.threads);
    SelectedRows rows(*whole, *selection);
    Progress& progress = meter.progress();
    progress.bytesTotal = whole->spool.bytes();
    progress.phase = Phase::Reading;
    auto made = analyzed(std::move(analysis), rows, depth, true, nullptr, pool, meter, folder);
    if (!made)
        return made;
    // Where they stood in their files is known of the first rows of all.
    (*made)->firstRows.clear();
    if (depth == Depth::Flows && !whole->firstRows.empty()) {
        static_assert(keptPreviewRows <= PacketSpool::blockRows);
        PacketSpool::Reader reader(whole->spool);
        if (auto loaded = reader.load(0, PacketSpool::Extras); !loaded)
            return std::move(loaded).error();
        for (std::size_t row = 0; row < whole->firstRows.size(); ++row) {
            const auto& first = whole->firstRows[row];
            if (selection->has(first.packet, reader.extras()[row], row))
                (*made)->firstRows.push_back(first);
        }
    }
    (*made)->whole = whole;
    (*made)->partial = whole->partial;
    (*made)->selection = selection;
    return made;
}

Result<std::shared_ptr<const CaptureAnalysis>> analyzeUnguarded(const Options& options, ProgressMeter& meter,
                                                                Depth depth, const Ending& ending)
{
    auto plan = preflight(options, &meter, ending.stop);
    if (!plan)
        return whilePreparing(std::move(plan).error());
    const auto place = options.temporaryFolder.empty()
                           ? temporaryFolder()
                           : Result<std::filesystem::path>(options.temporaryFolder);
    if (!place)
        return whilePreparing(place.error());
    const bool exact = options.flowsBy == FlowsBy::Exact;
    const auto& flows = plan->filter.flows;
    const auto wanted = exact ? Depth::Flows : depth; // its flows are found in the spool
    const auto tell = [&](AnalysisResult& made) -> Result<void> {
        if (!made || !exact)
            return {};
        meter.progress().phase = Phase::Finishing;
        return tellExactFlows(**made, options.exact, ending.stop ? ending.stop->flag() : nullptr, depth);
    };
    auto made = analyzedCaptures(options, *plan, flows ? Depth::Flows : wanted, ending.enough, meter, *place);
    if (auto told = tell(made); !told)
        return std::move(told).error();
    if (made && flows) {
        made = analyzedFlows(*made, *flows, wanted, meter, *place);
        if (auto told = tell(made); !told)
            return std::move(told).error();
    }
    if (!made)
        return std::move(made).error();
    return std::shared_ptr<const CaptureAnalysis>(*std::move(made));
}

} // namespace

Result<std::shared_ptr<const CaptureAnalysis>> analyze(const Options& options, const Heartbeat& heartbeat,
                                                       Depth depth, const Ending& ending)
{
    return guarded([&] {
        ProgressMeter meter(heartbeat, options.memoryLimit);
        return meter.reason(analyzeUnguarded(options, meter, depth, ending));
    });
}

Result<std::shared_ptr<const CaptureAnalysis>>
analyzeRows(const Options& options, Plan& plan, ProgressMeter& meter, const std::filesystem::path& folder)
{
    auto made = analyzedCaptures(options, plan, Depth::Flows, nullptr, meter, folder);
    if (!made)
        return std::move(made).error();
    if (options.flowsBy == FlowsBy::Exact) {
        if (auto told = tellExactFlows(**made, options.exact); !told)
            return std::move(told).error();
    }
    return std::shared_ptr<const CaptureAnalysis>(*std::move(made));
}

} // namespace packetloom
