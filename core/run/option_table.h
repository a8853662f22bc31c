// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/options.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace packetloom {

/// What a user can choose by a name and a value, in the order in which people read about it. How it is
/// spelled and what it is called is the business of app/ and ui/, whose tables go by this.
///
/// Not in it are Options::inputs (a list in the order of reading, not a value), specs (of single inputs),
/// blockSize (for tests alone), ExactRules::checksumsCount (said together with how captures are read)
/// and temporaryFolder (asked of the system); nor what is no member of Options: the output folder, and what
/// the command line alone knows (whether to look only, and how to report). What a manifest or a viewer's
/// selection says of options is in their formats, which have their own names.
enum class OptionId : std::uint8_t {
    IpMap,
    Tunnels,
    VerifyChecksums,
    Columns,
    TimeUnit,
    TimeBase,
    Delimiter,
    NoHeader,
    SkipMissing,
    SkipBroken,
    ReplaceAnything,
    AddressFilter,
    FilterEnds,
    TimeStart,
    TimeEnd,
    Filter,
    MaxRecords,
    FlowsPerChunk,
    ReadChunkRows,
    FlowTimeout,
    AttackContext,
    Style,
    Engine,
    AttemptTimeout,
    CloseLinger,
    PartialClose,
    TcpInactivity,
    UdpInactivity,
    IcmpInactivity,
    OtherInactivity,
    Threads,
    MemoryLimit,
};
inline constexpr std::size_t optionCount = 32;

/// What is another when an option is another.
enum class Changes : std::uint8_t {
    Flows,   ///< which packets and flows there are
    Writing, ///< how they are written
    Nothing, ///< nothing of the dataset
};

/// All numbers are int64, whatever the member's type.
using OptionValue =
    std::variant<bool, std::int64_t, std::optional<std::int64_t>, std::string, std::filesystem::path,
                 FilterEnds, JsonStyle, Tunnels, TimeUnit, Delimiter, FlowsBy>;

/// Where an option stands in Options; the ends of the time window in Options::window, how inputs are read in
/// Options::reading, when the exact engine ends flows in Options::exact.
using OptionMember =
    std::variant<bool Options::*, std::int64_t Options::*, unsigned Options::*, std::uint64_t Options::*,
                 std::string Options::*, std::filesystem::path Options::*, FilterEnds Options::*,
                 JsonStyle Options::*, std::optional<std::int64_t> TimeWindow::*, Tunnels InputSpec::*,
                 std::string InputSpec::*, TimeUnit InputSpec::*, std::optional<std::int64_t> InputSpec::*,
                 Delimiter InputSpec::*, bool InputSpec::*, FlowsBy Options::*, std::int64_t ExactRules::*>;

struct OptionEntry
{
    OptionId id;
    std::string_view key; ///< for machines; never changes, for sessions have it: "group.name" or "name"
    OptionMember member;
    Changes changes;
    bool ofSession; ///< it says what is looked at, so a session keeps it
    std::int64_t least = std::numeric_limits<std::int64_t>::min(); ///< of a number
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

inline constexpr std::int64_t longestExactTime = 1'000'000'000 * ExactRules::second;

inline constexpr std::array<OptionEntry, optionCount> optionTable{{
    {OptionId::IpMap, "ip_map", &Options::ipMap, Changes::Flows, true},
    {OptionId::Tunnels, "reading.tunnels", &InputSpec::tunnels, Changes::Flows, true},
    {OptionId::VerifyChecksums, "reading.verify_checksums", &InputSpec::verifyChecksums, Changes::Nothing,
     true},
    {OptionId::Columns, "reading.columns", &InputSpec::columns, Changes::Flows, false},
    {OptionId::TimeUnit, "reading.time_unit", &InputSpec::timeUnit, Changes::Flows, false},
    {OptionId::TimeBase, "reading.time_base_us", &InputSpec::timeBase, Changes::Flows, false},
    {OptionId::Delimiter, "reading.delimiter", &InputSpec::delimiter, Changes::Flows, false},
    {OptionId::NoHeader, "reading.no_header", &InputSpec::noHeader, Changes::Flows, false},
    {OptionId::SkipMissing, "skip_missing", &Options::skipMissing, Changes::Flows, false},
    {OptionId::SkipBroken, "skip_broken", &Options::skipBroken, Changes::Flows, true},
    {OptionId::ReplaceAnything, "replace_anything", &Options::replaceAnything, Changes::Nothing, false},
    {OptionId::AddressFilter, "filters.addresses", &Options::addressFilter, Changes::Flows, true},
    {OptionId::FilterEnds, "filters.both_ends", &Options::filterEnds, Changes::Flows, true},
    {OptionId::TimeStart, "filters.time_start_us", &TimeWindow::start, Changes::Flows, true},
    {OptionId::TimeEnd, "filters.time_end_us", &TimeWindow::end, Changes::Flows, true},
    {OptionId::Filter, "filter", &Options::filter, Changes::Flows, true},
    {OptionId::MaxRecords, "filters.max_records", &Options::maxRecords, Changes::Flows, true, 0},
    {OptionId::FlowsPerChunk, "options.flows_per_chunk", &Options::flowsPerChunk, Changes::Writing, true, 1},
    {OptionId::ReadChunkRows, "options.read_chunk_rows", &Options::readChunkRows, Changes::Flows, true, 1},
    {OptionId::FlowTimeout, "options.flow_timeout_seconds", &Options::flowTimeoutSeconds, Changes::Flows,
     true, 0},
    {OptionId::AttackContext, "options.label", &Options::attackContext, Changes::Writing, true},
    {OptionId::Style, "compact", &Options::style, Changes::Writing, false},
    {OptionId::Engine, "options.engine", &Options::flowsBy, Changes::Flows, true},
    {OptionId::AttemptTimeout, "exact.attempt_us", &ExactRules::attempt, Changes::Flows, true,
     ExactRules::second, longestExactTime},
    {OptionId::CloseLinger, "exact.linger_us", &ExactRules::linger, Changes::Flows, true, ExactRules::second,
     longestExactTime},
    {OptionId::PartialClose, "exact.partial_close_us", &ExactRules::partialClose, Changes::Flows, true,
     ExactRules::second, longestExactTime},
    {OptionId::TcpInactivity, "exact.tcp_inactivity_us", &ExactRules::tcpInactivity, Changes::Flows, true,
     ExactRules::second, longestExactTime},
    {OptionId::UdpInactivity, "exact.udp_inactivity_us", &ExactRules::udpInactivity, Changes::Flows, true,
     ExactRules::second, longestExactTime},
    {OptionId::IcmpInactivity, "exact.icmp_inactivity_us", &ExactRules::icmpInactivity, Changes::Flows, true,
     ExactRules::second, longestExactTime},
    {OptionId::OtherInactivity, "exact.other_inactivity_us", &ExactRules::otherInactivity, Changes::Flows,
     true, ExactRules::second, longestExactTime},
    {OptionId::Threads, "threads", &Options::threads, Changes::Nothing, false, 0, 1024},
    {OptionId::MemoryLimit, "memory_limit_bytes", &Options::memoryLimit, Changes::Nothing, false, 0,
     1'000'000'000'000'000},
}};

/// Whether a table has one entry for each option, in their order, so that an option is found by its number:
/// for a static_assert at every table that goes by OptionId.
template <class Table>
constexpr bool isByOption(const Table& table)
{
    if (table.size() != optionCount)
        return false;
    for (std::size_t i = 0; i < optionCount; ++i) {
        if (table[i].id != static_cast<OptionId>(i))
            return false;
    }
    return true;
}
static_assert(isByOption(optionTable));

constexpr const OptionEntry& entryOf(OptionId id)
{
    return optionTable[static_cast<std::size_t>(id)];
}

OptionValue valueOf(const Options& options, OptionId id);
/// `value` must hold the type that valueOf() gives, and a number within the bounds.
void setValue(Options& options, OptionId id, OptionValue value);
/// That of default Options.
OptionValue defaultOf(OptionId id);

/// Whether the option says anything beside the others: which ends must match is nothing without a filter, and
/// when the exact engine ends flows is nothing where the other one tells of them.
bool counts(const Options& options, OptionId id);
/// The first option whose number is beyond its bounds.
std::optional<OptionId> outOfBounds(const Options& options);

/// Whether two sets of options make the same packets and flows of the same files: all that changes flows is
/// equal.
bool sameCapture(const Options& a, const Options& b);

} // namespace packetloom
