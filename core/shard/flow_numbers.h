// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace packetloom {

/// Flows are numbered in order of their first packets: the number of one is how many rows up to its own have
/// the first packet of a flow. A bit a row, and 64 for 512 of them.
class FlowNumbers
{
public:
    /// The row of a flow's first packet; in any order, all of them before number().
    void add(std::uint64_t row)
    {
        const auto word = static_cast<std::size_t>(row / bits);
        if (word >= words_.size())
            words_.resize(word + 1);
        words_[word] |= std::uint64_t{1} << row % bits;
    }
    /// After the last add().
    void finish();
    /// Whether add() got this row.
    [[nodiscard]] bool has(std::uint64_t row) const
    {
        return row / bits < words_.size() &&
               (words_[static_cast<std::size_t>(row / bits)] >> row % bits & 1) != 0;
    }
    /// From 1. Of a row that add() got.
    [[nodiscard]] std::uint64_t number(std::uint64_t row) const;
    [[nodiscard]] std::uint64_t flows() const { return flows_; }
    [[nodiscard]] std::uint64_t bytes() const { return words_.capacity() * sizeof(std::uint64_t); }

private:
    static constexpr std::size_t bits = 64, wordsASum = 8;

    std::vector<std::uint64_t> words_;
    std::vector<std::uint64_t> before_; ///< flows before each eighth word
    std::uint64_t flows_ = 0;
};

} // namespace packetloom
