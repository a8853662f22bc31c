// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packet_spool.h"
#include "core/analysis/sorted_spool.h"
#include "core/analysis/time_ordered_rows.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace packetloom {

/// The rows of some blocks of a spool in the order of time. Each block is read once; in memory are those
/// whose times reach over the row at hand. A block that no other reaches into is passed on as it is.
class BlockMerge
{
public:
    /// `sorted`: where the rows of the spool have other numbers than their places; else null. All must
    /// outlive it.
    BlockMerge(const PacketSpool& spool, const SortedSpool* sorted, std::span<const TimedBlock> blocks,
               StopFlag stop);
    BlockMerge(const BlockMerge&) = delete;
    BlockMerge& operator=(const BlockMerge&) = delete;
    ~BlockMerge();

    /// The next rows, at most PacketSpool::blockRows; they are valid until the next call. False, and none, at
    /// the end. Errors: those of reading a spool; Cancelled.
    Result<bool> next(TimeOrderedRows& rows);

    /// So many of the blocks are in memory at most.
    static std::size_t mostAtOnce(std::span<const TimedBlock> blocks);

private:
    struct Loaded;
    struct Head
    {
        RowTime at;
        Loaded* block = nullptr;
    };

    Result<void> openBlocks();
    Result<void> load(const TimedBlock& block);
    void takeRun();
    void sink();
    void drop(Loaded* block);
    [[nodiscard]] bool canPass() const;

    const PacketSpool& spool_;
    const SortedSpool* sorted_;
    StopFlag stop_;
    std::vector<TimedBlock> blocks_; ///< by their first places
    std::size_t next_ = 0;           ///< of them: not opened yet
    std::vector<std::unique_ptr<Loaded>> loaded_, spare_;
    std::vector<Head> heads_;  ///< a heap of what is loaded, the earliest row first
    Loaded* passed_ = nullptr; ///< that was given as a whole, till the next call
    std::vector<Packet> packets_;
    std::vector<PacketExtras> extras_;
    std::vector<std::uint64_t> rows_;
};

} // namespace packetloom
