// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/csv_flows.h"

#include "core/input/flows/table_text.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

std::string bareName(std::string_view text)
{
    text = trimmed(text);
    if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"'))
        text = trimmed(text.substr(1, text.size() - 2));
    std::string name(text);
    std::transform(name.begin(), name.end(), name.begin(), lowerLetter);
    return name;
}

} // namespace

std::vector<std::string> columnNamesOf(std::string_view head)
{
    if (head.starts_with(byteOrderMark))
        head.remove_prefix(byteOrderMark.size());
    std::vector<std::string> names;
    std::string_view line;
    while (!head.empty() && trimmed(line).empty())
        line = takeLine(head);
    while (!line.empty()) {
        const auto end = std::min(line.find(','), line.size());
        names.push_back(bareName(line.substr(0, end)));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return names;
}

bool hasAny(const std::vector<std::string>& columns, std::initializer_list<std::string_view> names)
{
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        return std::find(columns.begin(), columns.end(), name) != columns.end();
    });
}

CsvFlows::CsvFlows(FlowTableBytes bytes, const FlowRules& rules, std::string_view trailer)
    : FlowSource(std::move(bytes.source)),
      rules_(rules),
      trailer_(trailer),
      tokenizer_(source(), bytes.blockSize),
      interpreter_(rules)
{
}

FlowSource::Step CsvFlows::failedHere()
{
    Error error = tokenizer_.error();
    error.line = tokenizer_.line();
    return failed(std::move(error));
}

void CsvFlows::takeHeader(const CsvRow& csv)
{
    columns_.clear();
    for (const auto field : csv.fields)
        columns_.push_back(bareName(field));
    places_.fill(columns_.size());
    for (const FieldName& name : rules_.names) {
        auto& place = places_[static_cast<std::size_t>(name.field)];
        if (place == columns_.size())
            place = static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), name.name) -
                                             columns_.begin());
    }
    tokenizer_.expectFields(columns_.size());
}

FlowSource::Step CsvFlows::next(FlowRow& row)
{
    const auto isHeader = [&](const CsvRow& csv) {
        const auto place = places_[static_cast<std::size_t>(FlowField::Source)];
        return place < csv.fields.size() && bareName(csv.fields[place]) == columns_[place];
    };
    CsvRow csv;
    for (;;) {
        const auto step = tokenizer_.next(csv);
        if (step == CsvTokenizer::Step::Failed)
            return failedHere();
        if (step == CsvTokenizer::Step::End ||
            (!trailer_.empty() && csv.problem == RowProblem::TooFewFields && csv.raw.starts_with(trailer_)))
            return Step::End;
        if (std::exchange(atHeader_, false)) {
            takeHeader(csv);
            continue;
        }
        if (csv.problem == RowProblem::None && isHeader(csv))
            continue;
        row.line = csv.line;
        row.raw = csv.raw;
        row.column = {};
        if (csv.problem != RowProblem::None) {
            row.rejected = rejectReasonOf(csv.problem);
            return Step::Row;
        }
        FlowFields fields;
        for (std::size_t i = 0; i < flowFieldCount; ++i) {
            if (places_[i] < csv.fields.size())
                fields.texts[i] = csv.fields[places_[i]];
        }
        interpreter_.interpret(fields, row);
        return Step::Row;
    }
}

} // namespace packetloom
