// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/csv_sniffer.h"

#include "core/input/csv/column_mapping.h"
#include "core/input/csv/column_names.h"
#include "core/input/csv/table_sample.h"
#include "core/input/csv/time_text.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr std::array required{Column::Timestamp, Column::SourceAddress, Column::DestinationAddress};

char letterOf(Delimiter delimiter)
{
    switch (delimiter) {
    case Delimiter::Tab:
        return '\t';
    case Delimiter::Semicolon:
        return ';';
    case Delimiter::Pipe:
        return '|';
    case Delimiter::Comma:
    case Delimiter::Sniffed:
        break;
    }
    return ',';
}

/// How many of the required columns the names of a row say.
std::size_t requiredNamed(const std::vector<std::string>& row)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(required, [&](Column column) { return !columnsNamed(column, row).empty(); }));
}

char quoteOf(const TableSample& sample)
{
    std::size_t cells = 0, quoted = 0;
    for (const auto& row : sample.rows) {
        for (const auto& cell : row) {
            cells += !cell.empty();
            quoted += cell.size() >= 2 && cell.front() == '\'' && cell.back() == '\'';
        }
    }
    return cells > 0 && quoted * 2 > cells ? '\'' : '"';
}

/// The delimiter by which most required names are found, then by which rows have one width, then which makes
/// most columns. The comma is tried first.
CsvDialect dialectOf(std::string_view head, Delimiter said)
{
    CsvDialect best;
    std::array<std::size_t, 3> bestMarks{};
    for (const auto delimiter : {Delimiter::Comma, Delimiter::Tab, Delimiter::Semicolon, Delimiter::Pipe}) {
        if (said != Delimiter::Sniffed && said != delimiter)
            continue;
        CsvDialect dialect{.delimiter = letterOf(delimiter)};
        auto sample = sampleOf(head, dialect);
        dialect.quote = quoteOf(sample);
        if (dialect.quote != CsvDialect().quote)
            sample = sampleOf(head, dialect);
        const auto width = commonWidth(sample);
        const std::array<std::size_t, 3> marks{
            sample.rows.empty() ? 0 : requiredNamed(sample.rows.front()),
            width.fields < 2 ? 0 : width.rows * 20 / (sample.rows.size() + sample.unsplit), width.fields};
        if (marks > bestMarks || said == delimiter) {
            bestMarks = marks;
            best = dialect;
        }
    }
    return best;
}

bool isHeader(const std::vector<std::string>& row, const std::vector<std::vector<std::string>>& rows)
{
    if (requiredNamed(row) > 0)
        return true;
    if (std::ranges::any_of(row, isValue))
        return false;
    return rows.size() < 2 || std::ranges::any_of(rows[1], isValue);
}

std::string columnText(const SniffedTable& table, std::size_t field)
{
    // A name that the mapping could not be read with is told by its number.
    const bool byName = field < table.header.size() && !table.header[field].empty() &&
                        table.header[field].find_first_of(",|=") == std::string::npos &&
                        std::ranges::count(table.header, table.header[field]) == 1 &&
                        !isValue(table.header[field]);
    return byName ? table.header[field] : std::to_string(field + 1);
}

/// What the required columns could be by what is in them: the first times, and the first two addresses.
void suggest(SniffedTable& table)
{
    if (std::ranges::none_of(required, [&](Column column) { return table.layout.of(column).empty(); }))
        return;
    std::vector<std::size_t> times, addresses, ports;
    for (std::size_t field = 0; field < table.layout.fieldCount; ++field) {
        const auto content = contentOf(table.rows, field);
        if (content.unit() != TimeUnit::Sniffed)
            times.push_back(field);
        else if (content.mostly(content.addresses))
            addresses.push_back(field);
        else if (content.mostly(content.ports) && addresses.size() == 2 && ports.size() < 2)
            ports.push_back(field);
    }
    auto& layout = table.layout;
    const auto lacks = [&](Column column) { return layout.of(column).empty(); };
    // One column of times that has no name we know is nothing to doubt; an address may be either end's.
    if (table.layout.dialect.header && lacks(Column::Timestamp) && times.size() == 1 &&
        !lacks(Column::SourceAddress) && !lacks(Column::DestinationAddress)) {
        layout.fields[static_cast<std::size_t>(Column::Timestamp)] = times;
        table.timeGuessed = true;
        return;
    }
    std::string text;
    const auto add = [&](Column column, const std::vector<std::size_t>& fields, std::size_t which) {
        if (lacks(column) && which < fields.size())
            text += (text.empty() ? "" : ",") + std::string(columnName(column)) + '=' +
                    columnText(table, fields[which]);
    };
    add(Column::Timestamp, times, 0);
    add(Column::SourceAddress, addresses, 0);
    add(Column::DestinationAddress, addresses, 1);
    if (ports.size() == 2) {
        add(Column::SourcePort, ports, 0);
        add(Column::DestinationPort, ports, 1);
    }
    table.suggestion = text;
}

void findUnit(SniffedTable& table, const InputSpec& spec)
{
    auto& layout = table.layout;
    const auto& times = layout.of(Column::Timestamp);
    if (times.empty())
        return;
    const auto content = contentOf(table.rows, times.front());
    layout.unit = spec.timeUnit != TimeUnit::Sniffed ? spec.timeUnit : content.unit();
    const auto readable = [&](auto parse) {
        return std::ranges::any_of(table.rows, [&](const auto& row) {
            return times.front() < row.size() && parse(row[times.front()]).usable();
        });
    };
    if (layout.unit == TimeUnit::Sniffed) {
        const bool dates = readable([](const auto& cell) { return parseDateTime(cell); });
        layout.unit = dates                  ? TimeUnit::Text
                      : content.decimals > 0 ? TimeUnit::Seconds // "0.000123"
                                             : TimeUnit::Microseconds;
    }
    if (layout.unit == TimeUnit::Text)
        return;
    // Times that are no date of our age count from a start.
    const bool relative = !std::ranges::any_of(table.rows, [&](const auto& row) {
        const auto time =
            times.front() < row.size() ? parseEpochTime(row[times.front()], layout.unit) : Number();
        return time.usable() && (plausibleTime(time.whole) || time.whole < 0);
    });
    if (relative && spec.timeBase)
        layout.timeBase = *spec.timeBase;
    else
        table.timeRelative = relative && content.decimals > 0 && spec.timeUnit == TimeUnit::Sniffed;
}

bool isReference(const std::vector<std::string>& header)
{
    return std::ranges::all_of(required, [&](Column column) {
        return std::ranges::find(header, columnName(column)) != header.end();
    });
}

bool saysNothing(const InputSpec& spec)
{
    return spec.columns.empty() && !spec.noHeader &&
           (spec.timeUnit == TimeUnit::Sniffed || spec.timeUnit == TimeUnit::Microseconds) &&
           !spec.timeBase && (spec.delimiter == Delimiter::Sniffed || spec.delimiter == Delimiter::Comma);
}

} // namespace

Result<SniffedTable> sniffTable(std::string_view head, const InputSpec& spec)
{
    SniffedTable table;
    const auto mapping = ColumnMapping::parse(spec.columns);
    if (!mapping)
        return mapping.error();
    const auto take = [&](TableSample& sample, bool header) {
        if (header) {
            table.header = std::move(sample.rows.front());
            sample.rows.erase(sample.rows.begin());
        }
        const std::size_t width = header ? table.header.size() : commonWidth(sample).fields;
        table.layout.fieldCount = width;
        table.malformed =
            sample.unsplit + std::erase_if(sample.rows, [&](const auto& row) { return row.size() != width; });
        table.rows = std::move(sample.rows);
    };
    auto plain = sampleOf(head, {});
    if (plain.rows.empty() || !plain.whole)
        return table;
    if (saysNothing(spec) && isReference(plain.rows.front())) {
        take(plain, true);
        return table;
    }
    auto& layout = table.layout;
    layout.dialect = dialectOf(head, spec.delimiter);
    auto sample = sampleOf(head, layout.dialect);
    if (sample.rows.empty())
        return table;
    layout.dialect.header = !spec.noHeader && isHeader(sample.rows.front(), sample.rows);
    take(sample, layout.dialect.header);
    layout.tunnels = spec.tunnels;
    auto said = mapping->resolve(table.header, layout.fieldCount);
    if (!said)
        return std::move(said).error();
    layout.fields = *std::move(said);
    for (std::size_t i = 0; i < columnCount; ++i) {
        if (layout.fields[i].empty())
            layout.fields[i] = columnsNamed(static_cast<Column>(i), table.header);
    }
    layout.info = infoColumn(table.header);
    layout.tcpFields = tcpColumns(table.header);
    layout.udpFields = udpColumns(table.header);
    if (layout.of(Column::Protocol).empty() && layout.tcpFields.empty() && !layout.info)
        layout.tcpFields = layout.of(Column::Flags);
    suggest(table);
    for (const auto column : required) {
        if (layout.of(column).empty())
            table.missing.push_back(column);
    }
    layout.reference = !table.missing.empty() && saysNothing(spec);
    findUnit(table, spec);
    return table;
}

} // namespace packetloom
