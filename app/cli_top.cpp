// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_top.h"

#include "app/cli_json_parts.h"
#include "app/text_table.h"
#include "core/analysis/group_text.h"
#include "core/model/service_name.h"
#include "core/support/text_format.h"

#include <string_view>
#include <utility>

namespace packetloom {
namespace {

using Json = JsonWriter<TextBuffer>;
using Align = TextTable::Align;

std::string shownValue(const GroupValue& value, const AddressTable& addresses)
{
    if (value.key == GroupKey::Time)
        return utcTime(value.number);
    const auto text = groupValueText(value, addresses);
    return text.empty() ? "(none)" : printable(text);
}

/// As a machine wants it: ports and times are numbers, what is none is null.
void writeValue(Json& json, const GroupValue& value, const AddressTable& addresses)
{
    json.key(groupKeyName(value.key));
    if (value.key == GroupKey::Pair) {
        json.beginArray();
        json.value(addresses.text(value.address));
        json.value(addresses.text(value.other));
        json.endArray();
        return;
    }
    if (isPort(value.key) || value.key == GroupKey::Time)
        return json.value(value.number);
    const auto text = groupValueText(value, addresses);
    const bool named = value.key == GroupKey::Source || value.key == GroupKey::Destination ||
                       value.key == GroupKey::Address || value.word;
    if (text.empty() && !named)
        json.null();
    else
        json.value(text);
}

void writeGroup(Json& json, const GroupTable& table, std::uint32_t group, const AddressTable& addresses)
{
    const Group& counts = table[group];
    json.beginObject();
    json.key("keys").beginObject();
    for (std::size_t level = 0; level < table.levels(); ++level)
        writeValue(json, table.value(level, group), addresses);
    json.endObject();
    for (std::size_t level = 0; level < table.levels(); ++level) {
        const auto value = table.value(level, group);
        if (!isPort(value.key))
            continue;
        const auto name = serviceName(value.number);
        json.key("service");
        if (name.empty())
            json.null();
        else
            json.value(name);
        break;
    }
    if (!table.ofPackets())
        json.member("flows", counts.flows);
    json.member("packets", counts.packets);
    json.member("bytes", counts.bytes);
    if (!table.ofPackets()) {
        json.member("sent_bytes", counts.sentBytes);
        json.member("received_bytes", counts.receivedBytes);
    }
    json.member("peers", counts.peers);
    json.member("ports", counts.ports);
    if (!table.ofPackets()) {
        json.key("unanswered");
        if (table.directionsKnown())
            json.value(counts.unanswered);
        else
            json.null();
    }
    json.member("first_ts", counts.first);
    json.member("last_ts", counts.last);
    json.key("over_time").beginArray();
    for (const auto bar : table.sparkline(group))
        json.value(bar);
    json.endArray();
    json.key("filter").valueOrNull(groupFilter(table, group, addresses));
    json.endObject();
}

} // namespace

Result<GroupAnswer> answerTop(const Analysis& analysis, const TopQuestion& question)
{
    return answerGroups(analysis, question.query, question.order,
                        question.limit == 0 ? ~std::size_t{0} : question.limit);
}

std::string topText(const Analysis& analysis, const TopQuestion& question, const GroupAnswer& answer,
                    double seconds)
{
    const GroupTable& table = *answer.table;
    const auto& addresses = analysis.addresses;
    const std::string_view one = table.ofPackets() ? " packet" : " flow";
    const std::uint64_t all = table.ofPackets() ? analysis.packets() : analysis.flows.size();
    std::string text = grouped(table.counted()) + std::string(one) + (table.counted() == 1 ? "" : "s");
    if (table.counted() != all)
        text += " of " + grouped(all);
    text += " in " + grouped(table.size()) + (table.size() == 1 ? " group" : " groups");
    if (answer.rows.size() < table.size())
        text += "; the first " + grouped(answer.rows.size()) + " by " +
                std::string(sortName(question.order.column));
    text += " (" + duration(static_cast<std::uint64_t>(seconds * 1e6)) + ")\n";
    if (answer.rows.empty())
        return text;

    std::vector<Align> columns;
    std::vector<std::string> header;
    const auto add = [&](Align align, std::string_view title) {
        columns.push_back(align);
        header.emplace_back(title);
    };
    for (std::size_t level = 0; level < table.levels(); ++level) {
        const auto key = table.key(level);
        add(isPort(key) ? Align::Right : Align::Left, groupKeyName(key));
        if (isPort(key))
            add(Align::Left, "service");
    }
    // Of packets there are no flows, and no other way.
    const bool flows = !table.ofPackets(), answers = flows && table.directionsKnown();
    const auto addIf = [&](bool there, std::string_view title) {
        if (there)
            add(Align::Right, title);
    };
    addIf(flows, "flows");
    addIf(true, "packets");
    addIf(true, "bytes");
    addIf(flows, "sent");
    addIf(flows, "received");
    addIf(true, "peers");
    addIf(true, "ports");
    addIf(answers, "unanswered");
    addIf(answers, "");
    add(Align::Left, "first");
    add(Align::Left, "last");
    TextTable lines(columns);
    lines.add(header);
    for (const auto group : answer.rows) {
        const Group& counts = table[group];
        std::vector<std::string> line;
        for (std::size_t level = 0; level < table.levels(); ++level) {
            const auto value = table.value(level, group);
            line.push_back(shownValue(value, addresses));
            if (isPort(value.key))
                line.emplace_back(serviceName(value.number));
        }
        const auto number = [&](bool there, const auto& count) {
            if (there)
                line.push_back(grouped(count));
        };
        number(flows, counts.flows);
        number(true, counts.packets);
        number(true, counts.bytes);
        number(flows, counts.sentBytes);
        number(flows, counts.receivedBytes);
        number(true, counts.peers);
        number(true, counts.ports);
        number(answers, counts.unanswered);
        if (answers)
            line.push_back(percent(counts.unanswered, counts.flows));
        line.push_back(utcTime(counts.first));
        line.push_back(utcTime(counts.last));
        lines.add(std::move(line));
    }
    return text + lines.text("  ");
}

std::string topJson(const Analysis& analysis, const TopQuestion& question, const GroupAnswer& answer,
                    const std::vector<std::filesystem::path>& inputs, double seconds,
                    const std::vector<FileProblem>& problems)
{
    const GroupTable& table = *answer.table;
    TextBuffer out;
    Json json(out);
    json.beginObject();
    writeInputs(json, inputs);
    json.key("by").beginArray();
    for (std::size_t level = 0; level < table.levels(); ++level)
        json.value(groupKeyName(table.key(level)));
    json.endArray();
    json.key("filter");
    if (question.filter.empty())
        json.null();
    else
        json.value(question.filter);
    json.member("sort", sortName(question.order.column));
    json.member("of", table.ofPackets() ? "packets" : "flows");
    json.member("total", table.ofPackets() ? analysis.packets() : std::uint64_t{analysis.flows.size()});
    json.member("counted", table.counted());
    json.member("groups", table.size());
    json.key("time_range").beginObject();
    json.member("start", table.span().first);
    json.member("end", table.span().second);
    json.endObject();
    json.key("top").beginArray();
    for (const auto group : answer.rows)
        writeGroup(json, table, group, analysis.addresses);
    json.endArray();
    json.key("seconds").decimal(seconds);
    writeWarnings(json, analysis.totals.warnings);
    writeProblems(json, problems);
    json.endObject();
    return std::string(out.text()) + '\n';
}

} // namespace packetloom
