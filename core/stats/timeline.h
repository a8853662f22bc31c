// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace packetloom {

/// Packets and bytes over time in a bounded number of bins, by category: what charts draw, also while the
/// capture is still being read. A bin is a power of two microseconds wide; when the time span outgrows the
/// bins, neighbours are joined. (The dataset's own bins are TimeBins: those are the reference's.)
class Timeline
{
public:
    static constexpr std::size_t mostBins = 4096;

    struct Cell
    {
        std::uint64_t packets = 0;
        std::uint64_t bytes = 0;

        friend bool operator==(const Cell&, const Cell&) = default;
    };

    /// `mostBinsHere` >= 2.
    explicit Timeline(std::size_t categories, std::size_t mostBinsHere = mostBins)
        : categories_(categories), most_(mostBinsHere)
    {
    }

    /// A length below 0 counts as 0 bytes.
    void add(std::int64_t timestamp, std::size_t category, std::int64_t length)
    {
        add(timestamp, category, Cell{1, static_cast<std::uint64_t>(length < 0 ? 0 : length)});
    }
    /// Several packets that lie in one bin, be it this wide or narrower: any timestamp of that bin.
    void add(std::int64_t timestamp, std::size_t category, const Cell& packets);

    [[nodiscard]] std::size_t bins() const { return cells_.size() / categories_; }
    [[nodiscard]] std::size_t categories() const { return categories_; }
    /// Width of a bin in microseconds is 2^shift().
    [[nodiscard]] unsigned shift() const { return shift_; }
    /// Where a bin begins, microseconds since the epoch.
    [[nodiscard]] std::int64_t start(std::size_t bin) const
    {
        return (first_ + static_cast<std::int64_t>(bin)) * (std::int64_t{1} << shift_);
    }
    [[nodiscard]] const Cell& cell(std::size_t bin, std::size_t category) const
    {
        return cells_[bin * categories_ + category];
    }

private:
    void makeRoomFor(std::int64_t timestamp);
    void joinNeighbours();

    std::size_t categories_;
    std::size_t most_;
    unsigned shift_ = 0;
    std::int64_t first_ = 0;  ///< number of the first bin: its start divided by its width
    std::vector<Cell> cells_; ///< bin by bin
};

} // namespace packetloom
