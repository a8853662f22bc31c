// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace packetloom {

/// Of packets within packets (tunnels), those that count.
enum class Tunnels : std::uint8_t {
    Inner, ///< the innermost ones
    Outer, ///< those that carry them
    Each,  ///< all of them, outermost first (of packet captures; of tables as Inner)
};
inline constexpr Tunnels lastTunnels = Tunnels::Each;

/// What stands between the fields of a table.
enum class Delimiter : std::uint8_t { Sniffed, Comma, Tab, Semicolon, Pipe };

/// What the times of a table count since the epoch, or that they are dates with times
/// (core/input/csv/time_text.h).
enum class TimeUnit : std::uint8_t { Sniffed, Seconds, Milliseconds, Microseconds, Nanoseconds, Text };

/// How an input is to be read, as far as that does not go by what is in it.
struct InputSpec
{
    std::filesystem::path file{}; ///< empty where it is said for all inputs (Options::reading)
    Tunnels tunnels = Tunnels::Inner;
    bool verifyChecksums = false;  ///< of packet captures: count those that are wrong
    std::filesystem::path ipMap{}; ///< of its address ids alone; empty: Options::ipMap counts
    // of tables (core/input/csv/table_layout.h)
    std::string columns{}; ///< ColumnMapping as written; what it does not name goes by what is in the table
    TimeUnit timeUnit = TimeUnit::Sniffed;
    /// Microseconds since the epoch: when times begin that count from a start.
    std::optional<std::int64_t> timeBase{};
    Delimiter delimiter = Delimiter::Sniffed;
    bool noHeader = false; ///< the first row is data

    friend bool operator==(const InputSpec&, const InputSpec&) = default;
};

} // namespace packetloom
