// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/flow_stage.h"

namespace packetloom {
namespace {

// A batch is worth a task from the first on, and is not let grow beyond the second and third.
constexpr std::size_t flowsWorthATask = 128, mostBytes = std::size_t{1} << 20;
constexpr std::chrono::milliseconds betweenQuestions{5};

} // namespace

FlowStage::FlowStage(const std::filesystem::path& folder, TaskPool& pool, Ends ends)
    : folder_(folder), pool_(pool), ends_(std::move(ends)), tasks_(pool)
{
}

bool FlowStage::take(const PackedFlow& flow)
{
    if (!batch_) {
        batch_ = batches_.take();
        batch_->clear();
        firstOfBatch_ = flows_;
    }
    batch_->add(flow);
    ++flows_;
    const bool large = batch_->bytes() >= mostBytes || batch_->size() >= mostFlows || flow.spilled;
    const bool worthIt = batch_->size() >= flowsWorthATask && ends_.output.standsAlone(flows_);
    return large || worthIt ? submit() : true;
}

bool FlowStage::submit()
{
    const std::size_t mostUnderWay =
        ends_.output.standsAlone(firstOfBatch_) ? 2 * std::size_t{pool_.threads()} : 0;
    while (tasks_.size() > mostUnderWay || tasks_.ready()) {
        if (!collect())
            return false;
    }
    tasks_.push([this, batch = std::move(batch_), part = ends_.output.part(firstOfBatch_)]() mutable {
        return workOn(*batch, std::move(part));
    });
    return ends_.goOn();
}

// A flow of millions of packets takes minutes. Whoever works on flows hears when that is not wanted any more,
// and where it is the owner, it is also who asks.
bool FlowStage::workGoesOn()
{
    if (std::this_thread::get_id() == owner_ && !stopped_ && !ends_.goOn())
        stopped_ = true;
    return !stopped_;
}

FlowStage::Outcome FlowStage::workOn(const FlowBatch& batch, std::unique_ptr<OutputPart> part)
{
    Outcome outcome;
    FlowUnpacker unpacker(folder_);
    const auto judge = ends_.engine.makeJudge();
    outcome.counts.reserve(batch.size());
    for (std::size_t i = 0; i < batch.size() && !outcome.error; ++i) {
        if (!workGoesOn()) {
            outcome.error = Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
            break;
        }
        const CompletedFlow flow = unpacker.unpack(batch.flow(i), [this] { return workGoesOn(); });
        if ((outcome.error = flow.packets.failure()))
            break;
        const FlowLife& life = judge->judge(flow);
        outcome.tally.add(flow, life);
        outcome.counts.push_back(FlowCounts::of(flow));
        part->flow(flow, life);
        outcome.error = flow.packets.failure();
    }
    if (!outcome.error)
        outcome.error = part->finish();
    outcome.part = std::move(part);
    return outcome;
}

// The oldest batch comes back.
bool FlowStage::collect()
{
    while (!tasks_.waitFor(betweenQuestions)) {
        if (!ends_.goOn()) {
            stopped_ = true;
            return false;
        }
    }
    Outcome outcome = tasks_.pop();
    if (outcome.error && !error_)
        error_ = std::move(outcome.error);
    if (error_)
        return false;
    tally_ += outcome.tally;
    for (const FlowCounts& counts : outcome.counts)
        ends_.collector.flow(counts);
    outcome.part->commit();
    return ends_.goOn();
}

bool FlowStage::finish()
{
    if (batch_ && !submit())
        return false;
    while (!tasks_.empty()) {
        if (!collect())
            return false;
    }
    return !failure();
}

} // namespace packetloom
