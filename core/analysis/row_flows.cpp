// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/row_flows.h"

#include "core/analysis/analysis.h"
#include "core/analysis/exact_row_flows.h"
#include "core/support/guard.h"
#include "core/support/ordered_tasks.h"
#include "core/support/radix_sort.h"
#include "core/support/task_pool.h"

#include <algorithm>
#include <array>
#include <tsl/robin_map.h>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t blocksAWrite = 16;

/// The first packet of an end, as far as the rows at hand tell.
struct FirstOfEnd
{
    std::int64_t time = 0, sequence = 0;
    bool known = false;

    /// Another one that comes later in the capture.
    void note(std::int64_t itsTime, std::int64_t itsSequence)
    {
        if (known && time <= itsTime)
            return;
        *this = {itsTime, itsSequence, true};
    }
};
using FirstOfEnds = std::array<FirstOfEnd, 2>; ///< low, high

struct OpenFlow
{
    std::uint64_t lastRow = 0;
    FirstOfEnds firsts;
    std::uint32_t flow = 0;
    bool begunBefore = false; ///< in an earlier piece
};

Error cancelled()
{
    return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
}

} // namespace

/// Pieces of the spool side by side. Between its first and its last row every packet with a flow's key is the
/// flow's, so a piece need only know which flows are open where it begins; the table of those stays small.
class RowFlowsBuilder
{
public:
    RowFlowsBuilder(const Analysis& analysis, StopFlag stop)
        : flows_(analysis.flows), spool_(analysis.spool), stop_(stop)
    {
    }

    Result<RowFlowsPtr> build()
    {
        made_->sequences_.resize(2 * flows_.size());
        made_->sent_.resize(2 * flows_.size());
        order_.resize(flows_.size());
        for (std::size_t i = 0; i < order_.size(); ++i)
            order_[i] = {flows_.firstRow(i), static_cast<std::uint32_t>(i)};
        sortRanked(order_);
        auto file = File::temporary(spool_.folder());
        if (!file)
            return std::move(file).error();
        made_->file_ = *std::move(file);
        std::vector<OpenFlow> crossing;
        {
            TaskPool pool(0);
            OrderedTasks<Result<Piece>> pieces(pool);
            const std::size_t blocks = spool_.blocks();
            const std::size_t count = std::clamp<std::size_t>(blocks / leastBlocks, 1, 2 * pool.threads());
            for (std::size_t i = 0; i < count; ++i)
                pieces.push([this, begin = blocks * i / count, end = blocks * (i + 1) / count] {
                    return work(begin, end);
                });
            for (std::size_t i = 0; i < count; ++i) {
                auto piece = pieces.pop();
                if (!piece)
                    return std::move(piece).error();
                crossing.insert(crossing.end(), piece->begin(), piece->end());
            }
        }
        noteCrossing(std::move(crossing));
        return RowFlowsPtr(std::move(made_));
    }

private:
    static constexpr std::size_t leastBlocks = 32;

    using Piece = std::vector<OpenFlow>; ///< of which it saw a part
    using OpenFlows = tsl::robin_map<FlowKey, OpenFlow, FlowKeyHash>;

    std::size_t firstFrom(std::uint64_t row) const
    {
        const auto at = std::lower_bound(order_.begin(), order_.end(), Ranked<std::uint64_t>{row, 0});
        return static_cast<std::size_t>(at - order_.begin());
    }

    Result<Piece> work(std::size_t beginBlock, std::size_t endBlock)
    {
        Piece crossing;
        OpenFlows open;
        const std::uint64_t beginRow = std::uint64_t{beginBlock} * PacketSpool::blockRows;
        std::size_t next = firstFrom(beginRow);
        for (std::size_t i = 0; i < next; ++i) {
            const std::uint32_t flow = order_[i].what;
            if (flows_.lastRow(flow) >= beginRow)
                open[flows_.key(flow)] = {
                    .lastRow = flows_.lastRow(flow), .firsts = {}, .flow = flow, .begunBefore = true};
        }
        PacketSpool::Reader reader(spool_);
        std::vector<std::uint32_t> written;
        std::uint64_t writtenFrom = beginRow;
        for (std::size_t block = beginBlock; block < endBlock; ++block) {
            if (stopped(stop_))
                return cancelled();
            if (auto loaded = reader.load(block, PacketSpool::Protocol | PacketSpool::Ends |
                                                     PacketSpool::Time | PacketSpool::Numbers);
                !loaded)
                return std::move(loaded).error();
            std::uint64_t row = reader.firstRow();
            for (const Packet& packet : reader.packets())
                written.push_back(flowOf(packet, row++, next, open, crossing));
            if (block + 1 == endBlock || written.size() >= blocksAWrite * PacketSpool::blockRows) {
                if (auto done = write(writtenFrom, written); !done)
                    return std::move(done).error();
                writtenFrom = row;
                written.clear();
            }
        }
        for (const auto& [key, flow] : open)
            crossing.push_back(flow);
        return crossing;
    }

    std::uint32_t flowOf(const Packet& packet, std::uint64_t row, std::size_t& next, OpenFlows& open,
                         Piece& crossing)
    {
        if (!packet.isTcp() || !FlowKey::hasFlow(packet))
            return RowFlows::none;
        const bool begins = next < order_.size() && order_[next].key == row;
        const bool fromHigh = FlowKey::isTurned(packet);
        if (begins) {
            const std::uint32_t flow = order_[next++].what;
            OpenFlow begun{.lastRow = flows_.lastRow(flow), .firsts = {}, .flow = flow, .begunBefore = false};
            begun.firsts[fromHigh].note(packet.timestamp, packet.sequence);
            if (begun.lastRow > row)
                open[FlowKey::of(packet)] = begun;
            else
                note(begun);
            return flow;
        }
        const auto found = open.find(FlowKey::of(packet));
        if (found == open.end())
            return RowFlows::none;
        OpenFlow& flow = found.value();
        const std::uint32_t itsFlow = flow.flow;
        flow.firsts[fromHigh].note(packet.timestamp, packet.sequence);
        if (flow.lastRow <= row) {
            if (flow.begunBefore)
                crossing.push_back(flow);
            else
                note(flow);
            open.erase(found);
        }
        return itsFlow;
    }

    Result<void> write(std::uint64_t firstRow, const std::vector<std::uint32_t>& flows)
    {
        const std::lock_guard lock(writing_); // see File::writeAt()
        return made_->file_.writeAt(
            firstRow * sizeof(std::uint32_t),
            {reinterpret_cast<const char*>(flows.data()), flows.size() * sizeof(std::uint32_t)});
    }

    /// Several threads, each for flows of its own.
    void note(const OpenFlow& flow)
    {
        for (std::size_t end = 0; end < 2; ++end) {
            if (!flow.firsts[end].known)
                continue;
            made_->sequences_[2 * std::size_t{flow.flow} + end] = flow.firsts[end].sequence;
            made_->sent_[2 * std::size_t{flow.flow} + end] = 1;
        }
    }

    // Parts of flows, those of one flow in the order of the capture.
    void noteCrossing(std::vector<OpenFlow> parts)
    {
        std::stable_sort(parts.begin(), parts.end(),
                         [](const OpenFlow& a, const OpenFlow& b) { return a.flow < b.flow; });
        for (std::size_t i = 0; i < parts.size();) {
            OpenFlow whole = parts[i];
            for (++i; i < parts.size() && parts[i].flow == whole.flow; ++i) {
                for (std::size_t end = 0; end < 2; ++end) {
                    if (const FirstOfEnd& first = parts[i].firsts[end]; first.known)
                        whole.firsts[end].note(first.time, first.sequence);
                }
            }
            note(whole);
        }
    }

    const FlowTable& flows_;
    const PacketSpool& spool_;
    StopFlag stop_;
    std::vector<Ranked<std::uint64_t>> order_; ///< flows by their first row
    std::shared_ptr<RowFlows> made_ = std::make_shared<RowFlows>();
    std::mutex writing_;
};

Result<void> RowFlows::read(std::uint64_t firstRow, std::span<std::uint32_t> into) const
{
    return file_.readAt(firstRow * sizeof(std::uint32_t),
                        {reinterpret_cast<char*>(into.data()), into.size_bytes()});
}

Result<RowFlowsPtr> rowFlowsOf(const Analysis& analysis, StopFlag stop)
{
    return guarded([&]() -> Result<RowFlowsPtr> {
        const std::lock_guard lock(analysis.rowFlows.mutex_);
        if (!analysis.rowFlows.made_) {
            const auto* const capture = analysis.capture();
            auto made = capture && capture->exact ? ExactRowFlows::make(*capture->exact, analysis.spool, stop)
                                                  : RowFlowsBuilder(analysis, stop).build();
            if (!made)
                return made;
            analysis.rowFlows.made_ = *std::move(made);
        }
        return analysis.rowFlows.made_;
    });
}

RowFlowsPtr rowFlowsIfMade(const Analysis& analysis)
{
    const std::unique_lock lock(analysis.rowFlows.mutex_, std::try_to_lock);
    return lock ? analysis.rowFlows.made_ : nullptr;
}

} // namespace packetloom
