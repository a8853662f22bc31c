// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// The columns that the reference knows, in the order it writes them.
enum class Column : std::uint8_t {
    Timestamp,
    SourceAddress,
    DestinationAddress,
    SourcePort,
    DestinationPort,
    Flags,
    Sequence,
    Acknowledgment,
    Length,
    Protocol,
};
inline constexpr std::size_t columnCount = 10;
std::string_view columnName(Column column);

/// Which field of a row holds which column. Columns are found by their exact name, in any order; of several
/// with one name the first counts; others are ignored.
class ColumnMap
{
public:
    static constexpr std::size_t absent = ~std::size_t{0};

    /// Header when timestamp, src_ip or dst_ip is not there.
    static Result<ColumnMap> fromHeader(std::span<const std::string_view> names);
    /// Of rows that are translated (TableLayout): each column that is there is at its own number. `fields` is
    /// how many a row has before that.
    static ColumnMap ofTranslated(const std::array<bool, columnCount>& present, std::size_t fields);

    [[nodiscard]] std::size_t index(Column column) const { return index_[static_cast<std::size_t>(column)]; }
    [[nodiscard]] bool has(Column column) const { return index(column) != absent; }
    /// Whether all columns are there.
    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] std::size_t fieldCount() const { return fieldCount_; }

private:
    std::array<std::size_t, columnCount> index_{};
    std::size_t fieldCount_ = 0;
    bool complete_ = false;
};

} // namespace packetloom
