// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/column_map.h"
#include "core/input/csv/csv_dialect.h"
#include "core/input/input_spec.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// How a table is read: its dialect, which fields of a row are which columns, and what its times count.
struct TableLayout
{
    /// The reference's own CSV: commas, a header with its names exactly, microseconds. Then the rest of this
    /// says nothing but that (docs/reading.md, 5 to 18).
    bool reference = true;
    CsvDialect dialect;
    std::size_t fieldCount = 0;
    /// By Column, where there are any. Of several the first that a row fills counts.
    std::array<std::vector<std::size_t>, columnCount> fields;
    std::optional<std::size_t> info;               ///< Wireshark's, which tells of ports and flags
    std::vector<std::size_t> tcpFields, udpFields; ///< filled by packets of that protocol alone
    TimeUnit unit = TimeUnit::Microseconds;        ///< never Sniffed
    std::int64_t timeBase = 0;                     ///< microseconds, added to times that are numbers
    Tunnels tunnels = Tunnels::Inner;

    [[nodiscard]] const std::vector<std::size_t>& of(Column column) const
    {
        return fields[static_cast<std::size_t>(column)];
    }
    /// The columns that rows have once they are translated (TranslatedFields): each at its own number.
    [[nodiscard]] ColumnMap translated() const;
};

} // namespace packetloom
