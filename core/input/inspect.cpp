// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/inspect.h"

#include "core/input/bytes/byte_source.h"
#include "core/input/csv/csv_tokenizer.h"
#include "core/input/csv/number.h"
#include "core/support/guard.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t blockSize = std::size_t{64} << 10;

bool isId(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<CaptureFacts> inspectUnguarded(const std::filesystem::path& path, const StopEvent* stop)
{
    CaptureFacts facts;
    facts.kind = fileKind(path).value_or(FileKind::Regular);
    if (facts.kind != FileKind::Regular && facts.kind != FileKind::Folder)
        return facts;
    auto source = openByteSource(path, blockSize, stop);
    if (!source)
        return std::move(source).error();
    facts.compressed = (*source)->compressed();
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    facts.bytes = ignored ? 0 : size;

    CsvTokenizer tokenizer(**source, blockSize);
    CsvRow row;
    auto step = tokenizer.next(row);
    const auto failure = [&](Error error) {
        error.file = path;
        return error;
    };
    if (step == CsvTokenizer::Step::Failed)
        return failure(tokenizer.error());
    if (step == CsvTokenizer::Step::End)
        return failure({.code = Errc::Empty, .detail = {}, .file = {}});
    auto columns = ColumnMap::fromHeader(row.fields);
    if (!columns) {
        Error error = std::move(columns).error();
        error.line = row.line;
        return failure(error);
    }
    facts.columns.assign(row.fields.begin(), row.fields.end());
    for (std::size_t i = 0; i < columnCount; ++i) {
        if (!columns->has(static_cast<Column>(i)))
            facts.absent.push_back(static_cast<Column>(i));
    }
    tokenizer.expectFields(columns->fieldCount());
    while (facts.firstRows.size() < inspectedRows && tokenizer.next(row) == CsvTokenizer::Step::Row) {
        if (row.problem != RowProblem::None)
            continue;
        facts.firstRows.emplace_back(row.fields.begin(), row.fields.end());
        const Number timestamp = parseNumber(row.fields[columns->index(Column::Timestamp)]);
        if (!facts.firstTimestamp && timestamp.usable())
            facts.firstTimestamp = timestamp.whole;
        facts.addressIds = facts.addressIds || isId(row.fields[columns->index(Column::SourceAddress)]) ||
                           isId(row.fields[columns->index(Column::DestinationAddress)]);
    }
    return facts;
}

} // namespace

Result<CaptureFacts> inspectCapture(const std::filesystem::path& path, const StopEvent* stop)
{
    return guarded([&] { return inspectUnguarded(path, stop); });
}

} // namespace packetloom
