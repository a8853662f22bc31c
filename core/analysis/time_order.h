// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/block_merge.h"
#include "core/analysis/packet_spool.h"
#include "core/analysis/sorted_spool.h"
#include "core/analysis/time_ordered_rows.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <memory>

namespace packetloom {

/// All rows of a spool in the order of time, and of rows where times are equal. Of a spool in order its
/// blocks are passed on; where blocks overlap in time, they are merged. Memory is bounded whatever the
/// disorder: of a spool that has more blocks at one time than may be in memory, sorted runs are written
/// beside it first and then merged, which takes its size once more on the disk. One thread. What is in order
/// as a whole (PacketSpool::inOrder()) can as well be read block by block by any number of threads.
class TimeOrder
{
public:
    /// Blocks in memory, a quarter of a megabyte each.
    static constexpr std::size_t mostBlocks = 256;

    /// The spool must outlive it, and be finished. `most`: blocks in memory, at least 2.
    explicit TimeOrder(const PacketSpool& spool, StopFlag stop = nullptr, std::size_t most = mostBlocks);

    /// The next rows, at most PacketSpool::blockRows; they are valid until the next call. False, and none, at
    /// the end. Errors: those of reading the spool and of temporary files; Cancelled.
    Result<bool> next(TimeOrderedRows& rows);
    /// How often all rows were written anew before the first of them was given.
    [[nodiscard]] unsigned passes() const { return passes_; }

private:
    Result<void> begin();

    const PacketSpool& spool_;
    StopFlag stop_;
    std::size_t most_;
    unsigned passes_ = 0;
    std::unique_ptr<SortedSpool> sorted_; ///< of runs; null where none were needed
    std::unique_ptr<BlockMerge> merge_;   ///< of all blocks, once begun
};

} // namespace packetloom
