// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/block_merge.h"

#include "core/support/radix_sort.h"

#include <algorithm>
#include <utility>

namespace packetloom {

/// A block in memory, its rows in order.
struct BlockMerge::Loaded
{
    explicit Loaded(const PacketSpool& spool) : reader(spool) {}

    void sort();
    [[nodiscard]] RowTime place(std::size_t i) const { return {packets[i].timestamp, rows[i]}; }

    PacketSpool::Reader reader;
    std::vector<std::uint64_t> rows;
    std::span<const Packet> packets; ///< the reader's, or those below
    std::span<const PacketExtras> extras;
    std::size_t at = 0; ///< the row at hand
    std::vector<Packet> sortedPackets;
    std::vector<PacketExtras> sortedExtras;
    std::vector<Ranked<std::uint64_t>> order;
};

// Rows of equal time keep their order, which is that of their numbers.
void BlockMerge::Loaded::sort()
{
    packets = reader.packets();
    extras = reader.extras();
    const auto earlier = [](const Packet& a, const Packet& b) { return a.timestamp < b.timestamp; };
    if (std::is_sorted(packets.begin(), packets.end(), earlier))
        return;
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    order.resize(packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i)
        order[i] = {static_cast<std::uint64_t>(packets[i].timestamp) ^ sign, static_cast<std::uint32_t>(i)};
    sortRanked(order);
    sortedPackets.resize(packets.size());
    sortedExtras.resize(packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i) {
        sortedPackets[i] = packets[order[i].what];
        sortedExtras[i] = extras[order[i].what];
    }
    const std::uint64_t first = rows.front();
    for (std::size_t i = 0; i < packets.size(); ++i)
        rows[i] = first + order[i].what; // of a spool that is not sorted: they follow each other
    packets = sortedPackets;
    extras = sortedExtras;
}

BlockMerge::BlockMerge(const PacketSpool& spool, const SortedSpool* sorted,
                       std::span<const TimedBlock> blocks, StopFlag stop)
    : spool_(spool), sorted_(sorted), stop_(stop), blocks_(blocks.begin(), blocks.end())
{
    std::sort(blocks_.begin(), blocks_.end(),
              [](const TimedBlock& a, const TimedBlock& b) { return a.first < b.first; });
}

BlockMerge::~BlockMerge() = default;

std::size_t BlockMerge::mostAtOnce(std::span<const TimedBlock> blocks)
{
    std::vector<RowTime> firsts, lasts;
    for (const TimedBlock& block : blocks) {
        firsts.push_back(block.first);
        lasts.push_back(block.last);
    }
    std::sort(firsts.begin(), firsts.end());
    std::sort(lasts.begin(), lasts.end());
    std::size_t most = 0, ended = 0;
    for (std::size_t begun = 0; begun < firsts.size(); ++begun) {
        while (lasts[ended] < firsts[begun])
            ++ended;
        most = std::max(most, begun + 1 - ended);
    }
    return most;
}

Result<bool> BlockMerge::next(TimeOrderedRows& rows)
{
    rows = {};
    if (stopped(stop_))
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    if (passed_)
        drop(std::exchange(passed_, nullptr));
    packets_.clear();
    extras_.clear();
    rows_.clear();
    while (packets_.size() < PacketSpool::blockRows) {
        if (auto opened = openBlocks(); !opened)
            return std::move(opened).error();
        if (heads_.empty())
            break;
        if (canPass()) {
            if (!packets_.empty())
                break; // those first
            passed_ = heads_.front().block;
            heads_.clear();
            rows = {passed_->packets, passed_->extras, passed_->rows};
            return true;
        }
        takeRun();
    }
    rows = {packets_, extras_, rows_};
    return !packets_.empty();
}

// All that begin before the row at hand.
Result<void> BlockMerge::openBlocks()
{
    while (next_ < blocks_.size() && (heads_.empty() || blocks_[next_].first < heads_.front().at)) {
        if (auto loaded = load(blocks_[next_]); !loaded)
            return loaded;
        ++next_;
    }
    return {};
}

Result<void> BlockMerge::load(const TimedBlock& block)
{
    auto loaded = spare_.empty() ? std::make_unique<Loaded>(spool_) : std::move(spare_.back());
    if (!spare_.empty())
        spare_.pop_back();
    if (auto read = loaded->reader.load(block.block); !read)
        return read;
    if (sorted_) {
        if (auto read = sorted_->readNumbers(block.block, loaded->rows); !read)
            return read;
    } else {
        loaded->rows.resize(loaded->reader.packets().size());
        for (std::size_t i = 0; i < loaded->rows.size(); ++i)
            loaded->rows[i] = loaded->reader.firstRow() + i;
    }
    loaded->sort();
    loaded->at = 0;
    heads_.push_back({loaded->place(0), loaded.get()});
    std::push_heap(heads_.begin(), heads_.end(), [](const Head& a, const Head& b) { return b.at < a.at; });
    loaded_.push_back(std::move(loaded));
    return {};
}

// Whether no other row lies between those of the block at hand.
bool BlockMerge::canPass() const
{
    if (heads_.size() != 1 || heads_.front().block->at != 0)
        return false;
    const Loaded& block = *heads_.front().block;
    return next_ == blocks_.size() || block.place(block.packets.size() - 1) < blocks_[next_].first;
}

// The rows of the first block that come before those of all others.
void BlockMerge::takeRun()
{
    Loaded& block = *heads_.front().block;
    const auto isNext = [&](const RowTime& place) {
        return !(heads_.size() > 1 && heads_[1].at < place) && !(heads_.size() > 2 && heads_[2].at < place) &&
               !(next_ < blocks_.size() && blocks_[next_].first < place);
    };
    do {
        packets_.push_back(block.packets[block.at]);
        extras_.push_back(block.extras[block.at]);
        rows_.push_back(block.rows[block.at]);
        ++block.at;
    } while (block.at < block.packets.size() && packets_.size() < PacketSpool::blockRows &&
             isNext(block.place(block.at)));
    if (block.at < block.packets.size()) {
        heads_.front().at = block.place(block.at);
    } else {
        drop(&block);
        heads_.front() = heads_.back();
        heads_.pop_back();
    }
    sink();
}

// The first head to its place.
void BlockMerge::sink()
{
    if (heads_.empty())
        return;
    const Head sinking = heads_.front();
    std::size_t at = 0;
    for (std::size_t child = 1; child < heads_.size(); child = 2 * at + 1) {
        if (child + 1 < heads_.size() && heads_[child + 1].at < heads_[child].at)
            ++child;
        if (!(heads_[child].at < sinking.at))
            break;
        heads_[at] = heads_[child];
        at = child;
    }
    heads_[at] = sinking;
}

void BlockMerge::drop(Loaded* block)
{
    const auto found = std::find_if(loaded_.begin(), loaded_.end(),
                                    [&](const auto& loaded) { return loaded.get() == block; });
    spare_.push_back(std::move(*found));
    *found = std::move(loaded_.back());
    loaded_.pop_back();
}

} // namespace packetloom
