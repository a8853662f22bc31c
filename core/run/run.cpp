// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/run.h"

#include "core/run/exact_shards.h"
#include "core/run/flow_shards.h"

#include <algorithm>
#include <utility>

namespace packetloom {

Run::Run(const Ends& ends, TaskPool& pool, ProgressMeter& meter, const std::filesystem::path& folder)
    : ends_(ends), meter_(meter), timestamps_(folder), stage_(), flows_(makePipeline(folder, pool))
{
}

std::unique_ptr<FlowPipeline> Run::makePipeline(const std::filesystem::path& folder, TaskPool& pool)
{
    const auto stats = ends_.known ? PacketStats::Unwanted : PacketStats::Wanted;
    const auto routed = [this](const KeptRows& rows, const RowFigures& figures) {
        tcpPackets_ += figures.tcpPackets;
        flagStats_.append(figures.flags);
        timestamps_.append(figures.timestamps);
        orders_.resize(std::max(orders_.size(), rows.input + 1));
        orders_[rows.input].append(figures.order);
    };
    const auto toGoOn = [this] {
        return goOn(flows_->growth() + ends_.collector.growth(FlowStage::mostFlows));
    };
    const auto quiet = [this] {
        tally_ = flows_->tally();
        ends_.collector.quiet();
    };
    if (ends_.exact) {
        return std::make_unique<ExactShards>(pool,
                                             ExactShards::Ends{.collectors = ends_.collector.shards(),
                                                               .addresses = &ends_.addresses,
                                                               .rules = *ends_.exact,
                                                               .goOn = toGoOn,
                                                               .routed = routed,
                                                               .quiet = quiet},
                                             stats, marks_);
    }
    if (ends_.output)
        stage_.emplace(folder, pool,
                       FlowStage::Ends{.engine = ends_.engine,
                                       .output = *ends_.output,
                                       .collector = ends_.collector,
                                       .goOn = [this] { return goOn(0); }});
    return std::make_unique<FlowShards>(ends_.flowTimeoutSeconds, folder, pool,
                                        FlowShards::Ends{.collectors = ends_.collector.shards(),
                                                         .inOrder = stage_ ? &*stage_ : nullptr,
                                                         .engine = &ends_.engine,
                                                         .goOn = toGoOn,
                                                         .routed = routed,
                                                         .quiet = quiet},
                                        stats, marks_);
}

Result<RunResult> Run::run()
{
    if (auto read = readAll(); !read) {
        flows_->stop(); // nobody wants what is under way
        if (stage_)
            stage_->stop();
        return std::move(read).error();
    }
    return conclude();
}

Result<void> Run::readAll()
{
    for (;;) {
        if (stopped(ends_.enough)) {
            endedEarly_ = true;
            return {};
        }
        auto piece = ends_.rows.next([this](std::size_t rows, std::uint64_t coming) {
            return goOn(coming + flows_->growth() + ends_.collector.growth(rows));
        });
        if (!piece) {
            if (piece.error().code != Errc::Cancelled)
                return std::move(piece).error();
            if (auto stop = checkStop(); !stop)
                return stop;
            if (!stopped(ends_.enough))
                return std::move(piece).error();
            continue; // it was woken to hear that
        }
        if (!*piece)
            return {};
        take(**piece);
        if (auto stop = checkStop(); !stop)
            return stop;
    }
}

void Run::take(const RowPiece& piece)
{
    if (!piece.rows.empty()) {
        marks_.makeRoom(ends_.addresses.size());
        ends_.collector.packets(piece.rows);
        if (ends_.output)
            ends_.output->packets(piece.rows);
        flows_->add(piece.rows);
    }
    if (piece.endsReadChunk) {
        ends_.collector.readChunkEnded();
        flows_->endReadChunk(piece.newest);
    }
    Progress& progress = meter_.progress();
    ends_.rows.noteProgress(progress);
    progress.flows = flows_->openedFlows();
    progress.openFlows = flows_->openFlows();
}

Result<RunResult> Run::conclude()
{
    RunResult result;
    meter_.progress().phase = Phase::OpenFlows;
    if (!meter_.beat() || !flows_->finish() || (stage_ && !stage_->finish()) ||
        !meter_.tick(ends_.collector.bytesToFinish())) {
        auto stop = checkStop();
        return stop ? Error{.code = Errc::Cancelled, .detail = {}, .file = {}} : std::move(stop).error();
    }
    ends_.collector.finish(result.addressStats);
    ends_.rows.finish(result.totals);
    result.totals.flows = flows_->openedFlows();
    result.tally = tally();
    meter_.progress().phase = Phase::Finishing;
    if (!ends_.known) {
        if (auto finished = finishStatistics(result); !finished)
            return std::move(finished).error();
    }
    if (!meter_.beat())
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    if (ends_.output) {
        const RunFigures figures{result.totals, result.addressStats, result.flags, result.bins};
        if (auto finished = finishOutput(ends_.known ? *ends_.known : figures); !finished)
            return std::move(finished).error();
    }
    if (auto stop = checkStop(); !stop)
        return std::move(stop).error();
    return result;
}

Result<void> Run::finishStatistics(RunResult& result)
{
    marks_.forEach([&](AddressId id) { result.addressStats.addAny(id); });
    result.addressStats.putInOrder();
    result.flags = std::move(flagStats_);
    RunTotals& totals = result.totals;
    totals.tcpPackets = tcpPackets_;
    for (std::size_t i = 0; i < std::min(orders_.size(), totals.inputs.size()); ++i)
        totals.inputs[i].order = orders_[i];
    totals.uniqueAddresses = result.addressStats.unique().size();
    if (timestamps_.count() > 0) {
        totals.firstTimestamp = timestamps_.minimum();
        totals.lastTimestamp = timestamps_.maximum();
    }
    auto bins = referenceBins(timestamps_, [&] { return meter_.tick(); });
    if (!bins)
        return std::move(bins).error();
    result.bins = *std::move(bins);
    return {};
}

Result<void> Run::finishOutput(const RunFigures& figures)
{
    if (!meter_.tick(ends_.output->bytesToFinish(figures)))
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    return ends_.output->finish(figures);
}

bool Run::goOn(std::uint64_t coming)
{
    return meter_.tick(coming) && !ends_.collector.failure() && !(ends_.output && ends_.output->failure());
}

Result<void> Run::checkStop()
{
    if (auto error = ends_.collector.failure())
        return *std::move(error);
    if (stage_ && stage_->failure())
        return *stage_->failure();
    if (auto error = ends_.output ? ends_.output->failure() : std::nullopt)
        return *std::move(error);
    if (auto error = flows_->failure())
        return *std::move(error);
    if (!meter_.tick())
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    return {};
}

} // namespace packetloom
