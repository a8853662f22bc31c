// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/input/csv/column_map.h"
#include "core/input/csv/table_layout.h"
#include "core/input/input_problem.h"
#include "core/support/file.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// The InputFormat::id of pcap and pcapng.
inline constexpr std::string_view captureFormatId = "capture";

/// What a capture file is, from its first bytes alone.
struct CaptureFacts
{
    /// Of anything but a regular file nothing else is known: looking into a pipe would take its content away.
    FileKind kind = FileKind::Regular;
    std::uint64_t bytes = 0; ///< on disk; 0 when unknown
    std::string_view format; ///< InputFormat::id; empty when nothing is known
    Compression compression = Compression::None;
    std::vector<std::string> columns; ///< all of the header, as they stand there
    std::vector<Column> absent;       ///< known columns that are not there, none of them required
    std::vector<std::vector<std::string>> firstRows; ///< fields as they stand in the file; whole rows only
    std::optional<std::int64_t> firstTimestamp; ///< microseconds since the epoch, of the first readable row
    bool addressIds = false;                    ///< the first addresses are integers: an IP map is needed
    std::vector<std::string>
        sampleIds; ///< integer addresses of the first rows, each once, without leading zeros
    std::optional<TableLayout> table;       ///< of a table: how it is read
    TimeUnit unit = TimeUnit::Microseconds; ///< of its times; never Sniffed
    std::size_t sampled = 0, readable = 0; ///< of a table: the first rows, and those of them that are packets
    std::vector<InputProblem> problems;    ///< the worst first
    FileStamp stamp; ///< of a regular file: two names of one file have one device and number

    /// It cannot be read as it is, see InputProblem::blocks().
    [[nodiscard]] bool blocked() const;
};

inline constexpr std::size_t inspectedRows = 20;

} // namespace packetloom
