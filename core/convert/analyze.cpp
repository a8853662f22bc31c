// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/analyze.h"

#include "core/convert/engine.h"
#include "core/convert/guard.h"
#include "core/support/serial_tasks.h"
#include "core/support/temporary_folder.h"

#include <atomic>
#include <utility>

namespace packetloom {
namespace {

/// Counts are all that is wanted.
class NoVisitor final : public FlowVisitor
{
public:
    void flow(const CompletedFlow&, const FlowLife&) override {}
};

class CountingSink : public EngineSink
{
public:
    explicit CountingSink(Analysis& analysis) : analysis_(analysis) {}

    void packets(const KeptRows&) override {}
    void packetOfNoFlow(const Packet& packet, std::uint64_t row) override
    {
        analysis_.pairs.add(packet, row);
    }
    void count(const FlowCounts& flow) override { analysis_.pairs.addFlow(flow); }
    std::unique_ptr<FlowVisitor> visitor(std::uint64_t) override { return std::make_unique<NoVisitor>(); }
    void take(FlowVisitor&) override {}
    [[nodiscard]] std::uint64_t growth(std::size_t more) const override
    {
        return analysis_.pairs.growth(more) + analysis_.flows.growth(more);
    }
    [[nodiscard]] std::uint64_t bytesToFinish() const override { return analysis_.pairs.bytesToPutInOrder(); }
    void finish() override { analysis_.pairs.putInOrder(); }
    std::optional<Error> failure() override { return std::nullopt; }

protected:
    Analysis& analysis() { return analysis_; }

private:
    Analysis& analysis_;
};

/// A part of the table of flows, and what it adds to the timeline of outcomes.
class TableVisitor final : public FlowVisitor
{
public:
    /// `shift` is that of a timeline whose bins can only become wider: packets that share a bin are added up.
    explicit TableVisitor(unsigned shift) : shift_(shift) {}

    void flow(const CompletedFlow& flow, const FlowLife& life) override
    {
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
    void addTo(Analysis& analysis) const
    {
        analysis.flows.append(flows_);
        for (const Group& group : groups_)
            analysis.byOutcome.add(group.timestamp, group.outcome, group.packets);
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
    unsigned shift_;
    FlowTable flows_;
    std::vector<Group> groups_;
};

class FlowsSink final : public CountingSink
{
public:
    FlowsSink(Analysis& analysis, TaskPool& pool)
        : CountingSink(analysis), spooling_(pool, 2 * std::size_t{pool.threads()})
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
            for (const Packet& packet : rows.packets())
                spool.add(packet);
            spoolFailed_ = spool.failure().has_value();
        });
    }
    void readChunkEnded() override { chunkEnded_ = true; }
    std::unique_ptr<FlowVisitor> visitor(std::uint64_t) override
    {
        return std::make_unique<TableVisitor>(analysis().byOutcome.shift());
    }
    void take(FlowVisitor& visitor) override { static_cast<TableVisitor&>(visitor).addTo(analysis()); }
    void finish() override
    {
        CountingSink::finish();
        spooling_.finish();
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

Result<std::shared_ptr<const Analysis>> analyzeUnguarded(const Options& options, ProgressMeter& meter,
                                                         Depth depth, const StopEvent* stop)
{
    auto plan = preflight(options, &meter, stop);
    if (!plan)
        return whilePreparing(std::move(plan).error());
    const auto place = options.temporaryFolder.empty()
                           ? temporaryFolder()
                           : Result<std::filesystem::path>(options.temporaryFolder);
    if (!place)
        return whilePreparing(place.error());
    const auto& folder = *place;
    auto analysis = std::make_shared<Analysis>(options, folder);
    TaskPool pool(options.threads);
    std::unique_ptr<EngineSink> sink;
    if (depth == Depth::Flows)
        sink = std::make_unique<FlowsSink>(*analysis, pool);
    else
        sink = std::make_unique<CountingSink>(*analysis);
    Engine engine(options, *plan, analysis->addresses, pool, *sink, meter, folder);
    if (depth == Depth::Flows) {
        meter.progress().timeline = &analysis->byClass;
        meter.progress().tally = &engine.tally();
    }
    if (auto run = engine.run(); !run)
        return std::move(run).error();
    if (auto spooled = analysis->spool.finish(); !spooled)
        return std::move(spooled).error();
    auto bins = engine.bins();
    if (!bins)
        return std::move(bins).error();
    analysis->bins = *std::move(bins);
    analysis->totals = std::move(engine.totals());
    analysis->totals.noteNothingKept();
    analysis->tally = engine.tally();
    analysis->addressStats = std::move(engine.addressStats());
    analysis->flags = std::move(engine.flagStats());
    return std::shared_ptr<const Analysis>(std::move(analysis));
}

} // namespace

Result<std::shared_ptr<const Analysis>> analyze(const Options& options, const Heartbeat& heartbeat,
                                                Depth depth, const StopEvent* stop)
{
    return guarded([&] {
        ProgressMeter meter(heartbeat, options.memoryLimit);
        return meter.reason(analyzeUnguarded(options, meter, depth, stop));
    });
}

} // namespace packetloom
