// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/table_layout.h"
#include "core/input/input_spec.h"
#include "core/support/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// What the beginning of a table tells of it, and what was said of it.
struct SniffedTable
{
    /// To be read so, unless columns are missing. A header that is none, or is not there whole, is the
    /// reference's: whoever reads it says what is wrong with it.
    TableLayout layout;
    std::vector<std::string> header;            ///< names, as they stand there; none without a header
    std::vector<std::vector<std::string>> rows; ///< the first ones, without malformed ones
    std::size_t malformed = 0;                  ///< of the first rows, those that cannot be split
    std::vector<Column> missing;                ///< those required of which nothing is known
    /// What the missing ones could be, by what is in the cells, as a ColumnMapping; empty when that tells
    /// nothing.
    std::string suggestion;
    bool timeGuessed = false;  ///< the column of the times has no known name, but there is no other like it
    bool timeRelative = false; ///< times count from a start that nothing tells
};

/// Looks at the first bytes of a table (ByteSource::head()). Errors: ColumnMapping.
Result<SniffedTable> sniffTable(std::string_view head, const InputSpec& spec);

} // namespace packetloom
