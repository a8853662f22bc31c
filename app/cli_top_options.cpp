// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_top_options.h"

#include "app/cli_filter_text.h"
#include "core/filter/filter_parser.h"
#include "core/filter/filter_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace packetloom {
namespace {

constexpr const char* topGroup = "Groups";

// By column.
constexpr std::array<std::string_view, groupColumnCount> sortNames{
    "key",   "second-key", "flows",      "packets",          "bytes", "sent-bytes", "received-bytes",
    "peers", "ports",      "unanswered", "unanswered-share", "first", "last"};

std::vector<std::string_view> parts(std::string_view list)
{
    std::vector<std::string_view> found;
    for (;;) {
        const auto comma = std::min(list.find(','), list.size());
        found.push_back(list.substr(0, comma));
        if (comma == list.size())
            return found;
        list.remove_prefix(comma + 1);
    }
}

void readKeys(const std::string& text, GroupQuery& query)
{
    std::vector<GroupKey> keys;
    for (const auto name : parts(text)) {
        const auto key = groupKeyNamed(name);
        if (!key) {
            std::string known;
            for (std::size_t i = 0; i < groupKeyCount; ++i)
                known += (i > 0 ? ", " : "") + std::string(groupKeyName(static_cast<GroupKey>(i)));
            throw CLI::ValidationError("--by", "there is no key \"" + std::string(name) + "\", but " + known);
        }
        keys.push_back(*key);
    }
    if (keys.size() > 2 || (keys.size() == 2 && keys[0] == keys[1]))
        throw CLI::ValidationError("--by", "takes one key, or two different ones, such as dport,src");
    query.by = keys[0];
    query.thenBy = keys.size() == 2 ? std::optional(keys[1]) : std::nullopt;
}

void readColumn(const std::string& text, GroupOrder& order)
{
    const auto* const found = std::find(sortNames.begin(), sortNames.end(), text);
    if (found == sortNames.end()) {
        std::string known;
        for (const auto name : sortNames)
            known += (known.empty() ? "" : ", ") + std::string(name);
        throw CLI::ValidationError("--sort", "must be one of " + known + ", not " + text);
    }
    order.column = static_cast<GroupColumn>(found - sortNames.begin());
    order.descending = order.column != GroupColumn::First && order.column != GroupColumn::Second &&
                       order.column != GroupColumn::FirstSeen;
}

template <class Number>
void readNumber(const std::string& text, const char* option, Number most, Number& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number > most)
        throw CLI::ValidationError(option,
                                   "must be a number up to " + std::to_string(most) + ", not " + text);
}

void readSlice(const std::string& text, GroupSteps& steps)
{
    const auto length = filterValue(text, FilterType::Duration);
    if (!length || length->least < 1)
        throw CLI::ValidationError("--slice",
                                   "must be a length of time such as 10s, 1min or 500ms, not " + text);
    steps.sliceWidth = length->least;
}

void readFilter(TopQuestion& question)
{
    const std::string& text = question.filter;
    auto parsed = parseFilter(text, question.query.packets ? FilterSubject::Packets : FilterSubject::Flows);
    if (const auto* const problem = std::get_if<FilterProblem>(&parsed))
        throw CLI::ValidationError("--filter", filterProblemText(text, *problem));
    question.query.narrowing.filter = std::get<0>(std::move(parsed));
}

} // namespace

std::string_view sortName(GroupColumn column)
{
    return sortNames[static_cast<std::size_t>(column)];
}

void checkTop(const CLI::App& app, TopQuestion& question)
{
    readFilter(question);
    const GroupQuery& query = question.query;
    const auto ofFlows = [](GroupColumn column) {
        return column == GroupColumn::Flows || column == GroupColumn::SentBytes ||
               column == GroupColumn::ReceivedBytes || column == GroupColumn::Unanswered ||
               column == GroupColumn::UnansweredShare;
    };
    if (!query.packets && (query.by == GroupKey::Flags || query.thenBy == GroupKey::Flags))
        throw CLI::ValidationError("--by", "flags are of packets: --of packets");
    if (!query.packets || !ofFlows(question.order.column))
        return;
    if (app.count("--sort") > 0)
        throw CLI::ValidationError("--sort", "groups of packets have no " +
                                                 std::string(sortName(question.order.column)));
    question.order.column = GroupColumn::Packets;
}

void addTopOptions(CLI::App& app, TopQuestion& question)
{
    const auto add = [&](const char* name, const char* value, const std::string& help, auto read) {
        return app.add_option_function<std::string>(name, read, help)
            ->group(topGroup)
            ->type_name(value)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    };
    add("--by", "KEY[,KEY]",
        "What groups have in common: src, dst, addr (either end), srcnet, dstnet, net, pair, sport, dport, "
        "port, proto, service, state, close, reason, flags (of packets), time",
        [&](const std::string& text) { readKeys(text, question.query); })
        ->required();
    add("--of", "flows|packets", "What is put into groups", [&](const std::string& text) {
        if (text != "flows" && text != "packets")
            throw CLI::ValidationError("--of", "must be flows or packets, not " + text);
        question.query.packets = text == "packets";
    })->default_str("flows");
    add("--filter", "EXPR",
        "Only what this filter leaves, as \"dst == 10.0.0.0/8 and not close == graceful\"",
        [&](const std::string& text) { question.filter = text; });
    add("--sort", "COLUMN",
        "Which groups come first: those with most flows, packets, bytes, sent-bytes, received-bytes, peers, "
        "ports, unanswered, unanswered-share; last; or in order of key, second-key, first",
        [&](const std::string& text) { readColumn(text, question.order); })
        ->default_str("flows");
    add("--limit", "N", "How many groups are listed; 0 = all", [&](const std::string& text) {
        readNumber(text, "--limit", ~std::size_t{0}, question.limit);
    })->default_str(std::to_string(question.limit));
    add("--prefix", "N", "Bits of an IPv4 subnet", [&](const std::string& text) {
        readNumber(text, "--prefix", 32u, question.query.steps.prefix4);
    })->default_str("24");
    add("--prefix6", "N", "Bits of an IPv6 subnet", [&](const std::string& text) {
        readNumber(text, "--prefix6", 128u, question.query.steps.prefix6);
    })->default_str("64");
    add("--slice", "LENGTH", "How long a slice of time is, such as 10s or 1h", [&](const std::string& text) {
        readSlice(text, question.query.steps);
    })->default_str("1min");
}

} // namespace packetloom
