// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packet_spool.h"
#include "core/analysis/time_ordered_rows.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace packetloom {

/// A spool whose rows keep the numbers that they had, in a second nameless file. It gets runs of rows, each
/// in the order of time and, but for the last, of whole blocks.
class SortedSpool
{
public:
    explicit SortedSpool(const std::filesystem::path& folder) : spool_(folder), folder_(folder) {}

    /// Errors: those of temporary files.
    Result<void> add(const TimeOrderedRows& rows);
    /// After the last rows, before any reading.
    Result<void> finish();

    [[nodiscard]] const PacketSpool& spool() const { return spool_; }
    [[nodiscard]] const std::vector<TimedBlock>& blocks() const { return blocks_; }
    /// Of the rows of a block. Any thread. Errors: Read.
    Result<void> readNumbers(std::size_t block, std::vector<std::uint64_t>& rows) const;

private:
    Result<void> endBlock();

    PacketSpool spool_;
    std::filesystem::path folder_;
    File file_;                          ///< of numbers, each block a packed column
    std::vector<std::uint64_t> offsets_; ///< of blocks in it, and of its end
    std::vector<std::uint64_t> pending_; ///< numbers of the block at hand
    RowTime first_, last_;               ///< of the block at hand
    std::vector<std::uint8_t> encoded_;
    std::vector<TimedBlock> blocks_;
};

} // namespace packetloom
