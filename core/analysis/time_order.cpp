// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/time_order.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {
namespace {

std::vector<TimedBlock> blocksOf(const PacketSpool& spool)
{
    std::vector<TimedBlock> blocks;
    for (std::size_t i = 0; i < spool.blocks(); ++i) {
        const auto [earliest, latest] = spool.times(i);
        const std::uint64_t firstRow = std::uint64_t{i} * PacketSpool::blockRows;
        const std::uint64_t end = std::min(firstRow + PacketSpool::blockRows, spool.packets());
        blocks.push_back({i, {earliest, firstRow}, {latest, end - 1}});
    }
    return blocks;
}

} // namespace

TimeOrder::TimeOrder(const PacketSpool& spool, StopFlag stop, std::size_t most)
    : spool_(spool), stop_(stop), most_(std::max<std::size_t>(most, 2))
{
}

Result<bool> TimeOrder::next(TimeOrderedRows& rows)
{
    rows = {};
    if (!merge_) {
        if (auto begun = begin(); !begun)
            return std::move(begun).error();
    }
    return merge_->next(rows);
}

// Each pass makes runs of as many of the last pass's runs as may be in memory; the first takes blocks for
// runs. All of them are of whole blocks, but for the last.
Result<void> TimeOrder::begin()
{
    if (spool_.failure())
        return *spool_.failure();
    auto blocks = blocksOf(spool_);
    const auto spool = [&]() -> const PacketSpool& { return sorted_ ? sorted_->spool() : spool_; };
    for (std::size_t run = most_; BlockMerge::mostAtOnce(blocks) > most_; run *= most_) {
        auto sorted = std::make_unique<SortedSpool>(spool_.folder());
        for (std::size_t begin = 0; begin < blocks.size(); begin += run) {
            BlockMerge merge(spool(), sorted_.get(),
                             std::span(blocks).subspan(begin, std::min(run, blocks.size() - begin)), stop_);
            for (TimeOrderedRows rows;;) {
                auto more = merge.next(rows);
                if (!more)
                    return std::move(more).error();
                if (!*more)
                    break;
                if (auto added = sorted->add(rows); !added)
                    return added;
            }
        }
        if (auto finished = sorted->finish(); !finished)
            return finished;
        sorted_ = std::move(sorted);
        blocks = sorted_->blocks();
        ++passes_;
    }
    merge_ = std::make_unique<BlockMerge>(spool(), sorted_.get(), blocks, stop_);
    return {};
}

} // namespace packetloom
