// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/input/csv/csv_dialect.h"
#include "core/input/input_spec.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// The first rows of a table, split in one way.
struct TableSample
{
    std::vector<std::vector<std::string>> rows; ///< all that could be split, the header too if there is one
    std::size_t unsplit = 0;
    bool whole = true; ///< the first row is there to its end
};
inline constexpr std::size_t sampledRows = 200;
TableSample sampleOf(std::string_view head, const CsvDialect& dialect);

/// How many fields most rows have, and how many rows those are.
struct CommonWidth
{
    std::size_t fields = 0, rows = 0;
};
CommonWidth commonWidth(const TableSample& sample);

/// What is in the cells of a column, counted over rows; empty cells are nothing.
struct ColumnContent
{
    std::size_t filled = 0;
    std::size_t addresses = 0;          ///< IP addresses
    std::size_t ports = 0;              ///< whole numbers up to 65535
    std::array<std::size_t, 6> times{}; ///< plausible times, by TimeUnit
    std::size_t decimals = 0;           ///< numbers with a point

    [[nodiscard]] bool mostly(std::size_t count) const { return filled > 0 && count * 10 >= filled * 9; }
    /// The unit in which nearly all cells are times; Sniffed for none.
    [[nodiscard]] TimeUnit unit() const;
};
ColumnContent contentOf(const std::vector<std::vector<std::string>>& rows, std::size_t column);

/// Whether the cell is a number, an address or a time: what a name is not.
bool isValue(std::string_view cell);

} // namespace packetloom
