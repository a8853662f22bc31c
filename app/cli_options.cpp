// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_options.h"

#include "app/cli_messages.h"
#include "core/input/csv/number.h"
#include "core/support/path_text.h"
#include "ui/option_spelling.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace packetloom {
namespace {

struct OptionHelp
{
    OptionId id;
    const char* group;
    const char* text;
    const char* value = nullptr; ///< what stands for it; none for a flag
    bool showsDefault = false;
};

constexpr std::array<OptionHelp, optionCount> helpTable{{
    {OptionId::IpMap, inputGroup, "JSON object {\"address\": integer id} for captures with address ids",
     "FILE"},
    {OptionId::Tunnels, inputGroup,
     "Of packets in tunnels take the inner ones (the default), the outer ones, or each as a row of its own",
     "inner|outer|each"},
    {OptionId::VerifyChecksums, inputGroup,
     "Count wrong checksums of packet captures (IPv4 headers, TCP, UDP); changes no row"},
    {OptionId::Columns, inputGroup,
     "Which columns of a table are which, by name or number, such as timestamp=frame.time_epoch,src_ip=3",
     "NAME=COLUMN,..."},
    {OptionId::TimeUnit, inputGroup,
     "What the times of a table count, or that they are dates (default: by what they look like)",
     "auto|s|ms|us|ns|date"},
    {OptionId::TimeBase, inputGroup,
     "When times begin that count from a start (microseconds since the epoch)", "US"},
    {OptionId::Delimiter, inputGroup,
     "What stands between the fields of a table (default: what looks like it)",
     "auto|comma|tab|semicolon|pipe"},
    {OptionId::NoHeader, inputGroup, "The first row of a table is data; --columns goes by numbers"},
    {OptionId::SkipMissing, inputGroup,
     "Warn about inputs that are not there or empty and go on without them"},
    {OptionId::SkipBroken, inputGroup,
     "Go on when an input cannot be read, or not to its end; what stands before is in"},
    {OptionId::ReplaceAnything, outputGroup,
     "Write into a folder that holds other things as well; they stay"},
    {OptionId::AddressFilter, filterGroup,
     "Keep rows where either end is in this list: addresses, CIDR blocks, ids of the map", "A,B,..."},
    {OptionId::FilterEnds, filterGroup, "Which ends must be in that list: either (the default) or both",
     "either|both"},
    {OptionId::TimeStart, filterGroup, "Keep rows from this time on (microseconds since the epoch)", "US"},
    {OptionId::TimeEnd, filterGroup, "Keep rows up to and including this time", "US"},
    {OptionId::Filter, filterGroup,
     "Keep rows that match, such as 'addr == 10.0.0.0/8 and tcp.port == 443'; what it asks of flows "
     "('bytes > 1M') keeps those flows",
     "EXPR"},
    {OptionId::MaxRecords, filterGroup, "Stop after N kept rows (0 = no limit)", "N"},
    {OptionId::FlowsPerChunk, flowGroup, "Flows per chunk file", "N", true},
    {OptionId::ReadChunkRows, flowGroup, "Data rows per read chunk; flows are judged at its end", "N", true},
    {OptionId::FlowTimeout, flowGroup, "Inactivity that ends a flow", "N", true},
    {OptionId::AttackContext, outputGroup, "A label for the manifest", "TEXT"},
    {OptionId::Style, outputGroup, "Write JSON without line breaks and indentation; viewers read it alike"},
    {OptionId::Engine, flowGroup,
     "Who tells which flows there are, where they are looked at (--preview, top, export); a dataset's are "
     "always the reference's",
     "reference|exact"},
    {OptionId::AttemptTimeout, exactGroup, "How long nobody answers a SYN until the attempt has ended", "N",
     true},
    {OptionId::CloseLinger, exactGroup,
     "How long stragglers are a connection's own after both sides closed, or one reset it", "N", true},
    {OptionId::PartialClose, exactGroup, "The same after one side closed of which nothing else was seen", "N",
     true},
    {OptionId::TcpInactivity, exactGroup, "Inactivity that ends an established TCP connection", "N", true},
    {OptionId::UdpInactivity, exactGroup,
     "Inactivity that ends a flow of UDP, or of TCP that is not established", "N", true},
    {OptionId::IcmpInactivity, exactGroup, "Inactivity that ends a flow of ICMP", "N", true},
    {OptionId::OtherInactivity, exactGroup, "Inactivity that ends a flow of another protocol", "N", true},
    {OptionId::Threads, resourceGroup,
     "Threads that work; 0 = as many as the hardware has. The output does not depend on it", "N", true},
    {OptionId::MemoryLimit, resourceGroup,
     "End rather than use more than N MB; 0 = nine tenths of what the machine or the control group has", "N",
     true},
}};
static_assert(isByOption(helpTable));

/// The values up to `last` have a word each.
template <class Value>
Value readWord(const std::string& text, OptionId id, Value last)
{
    std::string words;
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        const auto value = static_cast<Value>(i);
        if (text == wordOf(value))
            return value;
        words += (i == 0 ? "" : value == last ? " or " : ", ") + std::string(wordOf(value));
    }
    throw CLI::ValidationError(optionWord(id), "must be " + words + ", not " + text);
}

// As the reference reads it. CLI11's own conversion takes 010 for 8 and cuts what is too large.
std::int64_t readNumber(const std::string& text, OptionId id)
{
    const Number number = parseNumber(text);
    if (number.kind != Number::Kind::Integer)
        throw CLI::ConversionError(text, optionWord(id));
    const std::int64_t unit = spellingOf(id).unit;
    const auto& entry = entryOf(id);
    if (number.whole < entry.least / unit || number.whole > entry.most / unit)
        throw CLI::ValidationError(errorText({.code = Errc::Option, .detail = {}, .file = {}, .facts = id}));
    return number.whole * unit;
}

OptionValue readValue(const std::string& text, OptionId id)
{
    return std::visit(
        [&](const auto& usual) -> OptionValue {
            using Value = std::decay_t<decltype(usual)>;
            if constexpr (std::is_same_v<Value, std::int64_t> ||
                          std::is_same_v<Value, std::optional<std::int64_t>>) {
                return Value(readNumber(text, id));
            } else if constexpr (std::is_same_v<Value, std::filesystem::path>) {
                return pathFromText(text);
            } else if constexpr (std::is_same_v<Value, FilterEnds>) {
                return readWord(text, id, FilterEnds::Both);
            } else if constexpr (std::is_same_v<Value, Tunnels>) {
                return readWord(text, id, lastTunnels);
            } else if constexpr (std::is_same_v<Value, TimeUnit>) {
                return readWord(text, id, TimeUnit::Text);
            } else if constexpr (std::is_same_v<Value, Delimiter>) {
                return readWord(text, id, Delimiter::Pipe);
            } else if constexpr (std::is_same_v<Value, FlowsBy>) {
                return readWord(text, id, FlowsBy::Exact);
            } else if constexpr (std::is_same_v<Value, JsonStyle>) {
                return JsonStyle::Compact; // flags say by being there that it is not as usual
            } else if constexpr (std::is_same_v<Value, bool>) {
                return true;
            } else {
                return text;
            }
        },
        defaultOf(id));
}

} // namespace

void addOptions(CLI::App& app, Options& options, std::initializer_list<std::string_view> groups)
{
    for (const auto& help : helpTable) {
        if (groups.size() > 0 && std::find(groups.begin(), groups.end(), help.group) == groups.end())
            continue;
        const auto set = [&options, id = help.id](const std::string& text) {
            setValue(options, id, readValue(text, id));
        };
        const auto word = optionWord(help.id);
        if (app.get_option_no_throw(word)) // it means something of its own there
            continue;
        if (!help.value) {
            app.add_flag_callback(
                   word, [set] { set({}); }, help.text)
                ->group(help.group);
            continue;
        }
        auto* const option = app.add_option_function<std::string>(word, set, help.text)
                                 ->group(help.group)
                                 ->type_name(help.value)
                                 ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        if (help.showsDefault)
            option->default_str(
                std::to_string(std::get<std::int64_t>(defaultOf(help.id)) / spellingOf(help.id).unit));
    }
}

} // namespace packetloom
