// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/option_table.h"

#include <array>
#include <cstdint>
#include <string>

namespace packetloom {

// How options are written on the command line. The window writes such lines and the command line reads them,
// so they share this; no Qt in here.

struct OptionSpelling
{
    OptionId id;
    const char* name;      ///< without the dashes
    std::int64_t unit = 1; ///< what 1 stands for, of a number
};

inline constexpr std::array<OptionSpelling, optionCount> optionSpellings{{
    {OptionId::IpMap, "ip-map"},
    {OptionId::Tunnels, "tunnels"},
    {OptionId::VerifyChecksums, "verify-checksums"},
    {OptionId::Columns, "columns"},
    {OptionId::TimeUnit, "time-unit"},
    {OptionId::TimeBase, "time-base"},
    {OptionId::Delimiter, "delimiter"},
    {OptionId::NoHeader, "no-header"},
    {OptionId::SkipMissing, "skip-missing"},
    {OptionId::SkipBroken, "skip-broken"},
    {OptionId::ReplaceAnything, "force"},
    {OptionId::AddressFilter, "filter-ips"},
    {OptionId::FilterEnds, "filter-ends"},
    {OptionId::TimeStart, "filter-time-start"},
    {OptionId::TimeEnd, "filter-time-end"},
    {OptionId::Filter, "filter"},
    {OptionId::MaxRecords, "max-records"},
    {OptionId::FlowsPerChunk, "chunk-size"},
    {OptionId::ReadChunkRows, "chunk-read-size"},
    {OptionId::FlowTimeout, "flow-timeout-seconds"},
    {OptionId::AttackContext, "attack-context"},
    {OptionId::Style, "compact"},
    {OptionId::Engine, "engine"},
    {OptionId::AttemptTimeout, "attempt-timeout", ExactRules::second},
    {OptionId::CloseLinger, "close-linger", ExactRules::second},
    {OptionId::PartialClose, "partial-close", ExactRules::second},
    {OptionId::TcpInactivity, "tcp-inactivity", ExactRules::second},
    {OptionId::UdpInactivity, "udp-inactivity", ExactRules::second},
    {OptionId::IcmpInactivity, "icmp-inactivity", ExactRules::second},
    {OptionId::OtherInactivity, "other-inactivity", ExactRules::second},
    {OptionId::Threads, "threads"},
    {OptionId::MemoryLimit, "memory-limit", 1'000'000},
}};
static_assert(isByOption(optionSpellings));

constexpr const OptionSpelling& spellingOf(OptionId id)
{
    return optionSpellings[static_cast<std::size_t>(id)];
}

/// "--chunk-size"
inline std::string optionWord(OptionId id)
{
    return std::string("--") + spellingOf(id).name;
}

constexpr const char* wordOf(FilterEnds ends)
{
    return ends == FilterEnds::Both ? "both" : "either";
}

constexpr const char* wordOf(Tunnels tunnels)
{
    constexpr std::array words{"inner", "outer", "each"};
    return words[static_cast<std::size_t>(tunnels)];
}

constexpr const char* wordOf(FlowsBy engine)
{
    return engine == FlowsBy::Exact ? "exact" : "reference";
}

constexpr const char* wordOf(TimeUnit unit)
{
    constexpr std::array words{"auto", "s", "ms", "us", "ns", "date"};
    return words[static_cast<std::size_t>(unit)];
}

constexpr const char* wordOf(Delimiter delimiter)
{
    constexpr std::array words{"auto", "comma", "tab", "semicolon", "pipe"};
    return words[static_cast<std::size_t>(delimiter)];
}

} // namespace packetloom
