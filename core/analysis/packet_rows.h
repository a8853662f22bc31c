// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {

/// Some of the kept rows of an analysis, in their order: a bit a row, and of every 512 rows how many are
/// chosen before them (together 1.3 MB for 10 million rows; nothing where all are chosen). Both ways between
/// the place among the chosen ones and the row take no time worth speaking of. Immutable.
class PacketRows
{
public:
    static constexpr std::size_t rowsAWord = 64;

    /// None of none.
    PacketRows() = default;
    static PacketRows all(std::uint64_t rows);
    /// `bits`: (rows + 63) / 64 of them, the first row in the lowest bit; those behind the last row are 0.
    PacketRows(std::uint64_t rows, std::vector<std::uint64_t> bits);

    /// How many are chosen.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// Of how many.
    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    [[nodiscard]] bool everything() const { return size_ == rows_; }
    [[nodiscard]] bool has(std::uint64_t row) const
    {
        return row < rows_ && (bits_.empty() || (bits_[row / rowsAWord] >> row % rowsAWord & 1) != 0);
    }
    /// The row of the i-th one that is chosen, i < size().
    [[nodiscard]] std::uint64_t row(std::uint64_t i) const;
    /// How many of the rows before this one are chosen: the place of the first one that is not before it.
    [[nodiscard]] std::uint64_t before(std::uint64_t row) const;
    /// The rows of the i-th one and up to `count - 1` after it.
    [[nodiscard]] std::vector<std::uint64_t> rows(std::uint64_t i, std::size_t count) const;

private:
    std::uint64_t rows_ = 0, size_ = 0;
    std::vector<std::uint64_t> bits_;    ///< empty where all are chosen
    std::vector<std::uint64_t> counted_; ///< chosen before each wordsABlock of bits_, and at the end
};

} // namespace packetloom
