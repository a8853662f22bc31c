// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/shard/block_file.h"
#include "core/shard/cut.h"
#include "core/shard/job.h"
#include "core/shard/part_codec.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

namespace packetloom {

/// A run of a part (TimeRuns): some blocks of a file, which is open while the run is read.
struct TimedRun
{
    std::filesystem::path file;
    std::vector<BlockEntry> blocks;
    std::int64_t firstTime = 0, lastTime = 0; ///< of its packets
    std::uint64_t firstRow = 0;               ///< number of the file's row 0 among all
    std::uint64_t rows = ~std::uint64_t{0};   ///< rows of the file that count
};

/// The runs that one file has of a part.
std::vector<TimedRun> runsOf(const BlockReader& file, std::uint64_t part);

/// The packets of many runs in the order of time, then of rows. No more runs are open at a time than lie
/// beside each other in time; where those are more than mostOpen, some are joined in temporary files first.
/// So memory does not follow how disordered the packets are.
class TimedRows
{
public:
    static constexpr std::size_t mostOpen = 64, rowsAtOnce = 4096;

    /// `addresses` receives those of all. Temporary files are made in `folder`. `goOn` is asked now and then.
    TimedRows(std::vector<TimedRun> runs, AddressTable& addresses, std::filesystem::path folder,
              std::function<bool()> goOn, std::size_t most = mostOpen);
    TimedRows(const TimedRows&) = delete;
    TimedRows& operator=(const TimedRows&) = delete;
    ~TimedRows();

    /// The next ones, whose rows are numbered among all; none at the end. Errors: JobTrouble::Damaged, Read,
    /// Write, NoSpace, Cancelled.
    Result<void> next(PartRows& rows);

private:
    class Open;

    Result<void> joinSome();
    Result<void> open();
    static bool comesLater(const std::unique_ptr<Open>& a, const std::unique_ptr<Open>& b);

    std::vector<TimedRun> runs_; ///< the first in time last
    AddressTable& addresses_;
    std::filesystem::path folder_;
    std::function<bool()> goOn_;
    std::size_t most_;
    std::size_t joined_ = 0;                   ///< temporary files made
    std::vector<std::filesystem::path> files_; ///< temporary
    std::vector<std::unique_ptr<Open>> open_;  ///< a heap
    bool prepared_ = false; ///< runs_ is sorted, and no more lie beside each other than may be open
};

/// How many of them lie beside each other in time at most.
std::size_t mostAtOnce(const std::vector<TimedRun>& runs);

} // namespace packetloom
