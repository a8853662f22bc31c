// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_inspect.h"

#include "app/cli_messages.h"
#include "app/cli_problems.h"
#include "app/text_table.h"
#include "core/input/inspect.h"
#include "core/input/ip_maps.h"
#include "core/output/timearcs_v2/json_writer.h"
#include "core/support/file.h"
#include "core/support/path_text.h"
#include "core/support/text_buffer.h"
#include "core/support/text_format.h"
#include "ui/option_spelling.h"

#include <algorithm>

namespace packetloom {
namespace {

// Larger maps are not read twice for the sake of a warning.
constexpr std::uint64_t mapLookedAt = std::uint64_t{16} << 20;

using Json = JsonWriter<TextBuffer>;

constexpr std::size_t rowsShown = 3, longestCell = 40;

std::string delimiterName(char delimiter)
{
    return delimiter == '\t' ? "tab" : delimiter == ';' ? "semicolon" : delimiter == '|' ? "pipe" : "comma";
}

/// The fields of a column, also of the reference's own CSV.
std::vector<std::size_t> fieldsOf(const CaptureFacts& facts, Column column)
{
    if (!facts.table->reference)
        return facts.table->of(column);
    const auto found = std::ranges::find(facts.columns, columnName(column));
    if (found == facts.columns.end())
        return {};
    return {static_cast<std::size_t>(found - facts.columns.begin())};
}

std::string nameOf(const CaptureFacts& facts, std::size_t field)
{
    return field < facts.columns.size() ? facts.columns[field] : std::string();
}

std::string tableText(const CaptureFacts& facts)
{
    const auto& dialect = facts.table->dialect;
    std::string text = "  table: " + delimiterName(dialect.delimiter) + " between fields, " +
                       (dialect.header ? "a header" : "no header") + '\n';
    TextTable columns({TextTable::Align::Left, TextTable::Align::Left, TextTable::Align::Left});
    for (std::size_t i = 0; i < columnCount; ++i) {
        const auto column = static_cast<Column>(i);
        std::string fields;
        for (const auto field : fieldsOf(facts, column)) {
            const auto name = nameOf(facts, field);
            fields += (fields.empty() ? "" : ", else ") + std::string("column ") + std::to_string(field + 1) +
                      (name.empty() ? "" : " \"" + printable(name) + '"');
        }
        const bool told = facts.table->info && !facts.table->reference &&
                          std::ranges::find(facts.absent, column) == facts.absent.end();
        if (fields.empty() && told)
            fields = "from Info";
        const bool time = column == Column::Timestamp && !fields.empty();
        columns.add({std::string(columnName(column)), fields.empty() ? "-" : fields,
                     time ? unitText(facts.unit) : std::string()});
    }
    return text + columns.text("    ");
}

std::string rowText(const std::vector<std::string>& cells)
{
    std::string line;
    for (const auto& cell : cells)
        line += (line.empty() ? "    " : " | ") + printable(cell.substr(0, longestCell));
    return line + '\n';
}

std::string rowsText(const CaptureFacts& facts)
{
    if (facts.firstRows.empty())
        return {};
    std::string text = "  first rows:\n";
    if (!facts.table) // else its columns were told
        text += rowText(facts.columns);
    for (std::size_t i = 0; i < std::min(facts.firstRows.size(), rowsShown); ++i)
        text += rowText(facts.firstRows[i]);
    return text;
}

void writeDialect(Json& json, const CsvDialect& dialect)
{
    json.key("dialect").beginObject();
    json.member("delimiter", std::string_view(&dialect.delimiter, 1));
    json.member("quote", std::string_view(&dialect.quote, 1));
    json.member("header", dialect.header);
    json.endObject();
}

void writeColumns(Json& json, const CaptureFacts& facts)
{
    json.key("columns").beginArray();
    for (std::size_t i = 0; i < columnCount; ++i) {
        const auto column = static_cast<Column>(i);
        for (const auto field : fieldsOf(facts, column)) {
            json.beginObject();
            json.member("role", columnName(column));
            json.member("index", field + 1);
            json.member("name", nameOf(facts, field));
            if (column == Column::Timestamp)
                json.member("unit", wordOf(facts.unit));
            json.endObject();
        }
    }
    if (facts.table->info && !facts.table->reference) {
        json.beginObject();
        json.member("role", "info");
        json.member("index", *facts.table->info + 1);
        json.member("name", nameOf(facts, *facts.table->info));
        json.endObject();
    }
    json.endArray();
}

/// Of a capture, whose packets have them, and of a table of flows.
void writeKnownColumns(Json& json, const CaptureFacts& facts)
{
    const bool capture = facts.format == captureFormatId;
    json.key("columns").beginArray();
    for (std::size_t i = 0; i < facts.columns.size(); ++i) {
        json.beginObject();
        json.member(capture ? "role" : "name", facts.columns[i]);
        json.member("index", i + 1);
        json.endObject();
    }
    json.endArray();
}

void writeFacts(Json& json, const CaptureFacts& facts)
{
    json.member("format", facts.format);
    json.member("compression", compressionName(facts.compression));
    json.member("bytes", facts.bytes);
    if (facts.table) {
        writeDialect(json, facts.table->dialect);
        writeColumns(json, facts);
    } else {
        writeKnownColumns(json, facts);
    }
    json.key("first_time").valueOrNull(facts.firstTimestamp);
    json.key("first_rows").beginArray();
    for (const auto& row : facts.firstRows) {
        json.beginArray();
        for (const auto& cell : row)
            json.value(cell);
        json.endArray();
    }
    json.endArray();
    json.key("problems").beginArray();
    for (const auto& problem : facts.problems) {
        json.beginObject();
        json.member("code", problemKey(problem.code));
        json.member("text", problemText(problem));
        json.member("cure", problemCure(problem));
        json.endObject();
    }
    json.endArray();
}

bool isLarge(const std::filesystem::path& ipMap, std::uint64_t mostBytes)
{
    const auto stamp = ipMap.empty() ? std::optional(FileStamp()) : fileStamp(ipMap);
    return !stamp || stamp->size > mostBytes;
}

} // namespace

Result<std::vector<Inspected>> inspectInputs(const Options& options, const StopEvent& stop,
                                             std::optional<std::uint64_t> mostMapBytes)
{
    std::vector<Inspected> inputs;
    std::vector<InspectedInput> together;
    IpMaps maps;
    inputs.reserve(options.inputs.size()); // pointers into it are kept
    for (const auto& file : options.inputs) {
        inputs.push_back({file, inspectCapture(specOf(options, file), &stop), ipMapOf(options, file)});
        auto& [path, facts, ipMap] = inputs.back();
        if (!facts && facts.error().code == Errc::Cancelled)
            return facts.error();
        if (!mostMapBytes || !isLarge(ipMap, *mostMapBytes)) {
            const auto map = maps.of(ipMap, {}, &stop);
            if (!map)
                return map.error();
            for (auto& problem :
                 facts ? mapProblems(*facts, ipMap.empty() ? nullptr : *map) : std::vector<InputProblem>())
                facts->problems.push_back(std::move(problem));
        }
        together.push_back({file, facts ? &*facts : nullptr});
    }
    auto between = problemsBetween(together);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i].facts)
            std::ranges::move(between[i], std::back_inserter(inputs[i].facts->problems));
    }
    return inputs;
}

std::vector<FileProblem> problemsBefore(const Options& options, const StopEvent& stop)
{
    std::vector<FileProblem> problems;
    const auto inputs = inspectInputs(options, stop, mapLookedAt);
    if (!inputs)
        return problems;
    for (const auto& input : *inputs) {
        if (!input.readable())
            continue;
        for (const auto& problem : input.facts->problems)
            problems.push_back({input.file, problem});
    }
    return problems;
}

std::string inspectionText(const std::vector<Inspected>& inputs)
{
    std::string text;
    for (const auto& input : inputs) {
        text += printable(pathText(input.file)) + '\n';
        if (!input.facts) {
            Error error = input.facts.error();
            error.file.clear();
            text += "  error: " + errorText(error) + '\n';
            continue;
        }
        const auto& facts = *input.facts;
        if (facts.kind != FileKind::Regular) {
            text += "  no regular file: what is in it can be read only once\n";
            continue;
        }
        text += "  format: " + std::string(facts.format) +
                ", compression: " + std::string(compressionName(facts.compression)) + ", " +
                humanBytes(facts.bytes) + '\n';
        if (!input.ipMap.empty())
            text += "  IP map: " + printable(pathText(input.ipMap)) + '\n';
        if (facts.table)
            text += tableText(facts);
        if (facts.firstTimestamp)
            text += "  first time: " + utcTime(*facts.firstTimestamp) + '\n';
        text += rowsText(facts);
        for (const auto& problem : facts.problems)
            text += "  problem: " + problemAdvice(problem) + '\n';
    }
    return text;
}

std::string inspectionJson(const std::vector<Inspected>& inputs)
{
    TextBuffer out;
    Json json(out);
    json.beginObject();
    json.key("inputs").beginArray();
    for (const auto& input : inputs) {
        json.beginObject();
        json.member("file", pathText(input.file));
        json.member("readable", input.readable());
        json.key("ip_map");
        if (input.ipMap.empty())
            json.null();
        else
            json.value(pathText(input.ipMap));
        if (input.facts)
            writeFacts(json, *input.facts);
        else
            json.member("error", errorText(input.facts.error()));
        json.endObject();
    }
    json.endArray();
    json.endObject();
    return std::string(out.text()) + '\n';
}

} // namespace packetloom
