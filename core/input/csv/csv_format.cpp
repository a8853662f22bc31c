// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/csv_format.h"

#include "core/input/bytes/content_sniffer.h"
#include "core/input/csv/csv_tokenizer.h"
#include "core/input/csv/number.h"
#include "core/input/csv/packet_stream.h"

#include <utility>

namespace packetloom {
namespace {

bool isId(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

class CsvInput final : public OpenedInput
{
public:
    explicit CsvInput(std::unique_ptr<PacketReader> reader) : reader_(std::move(reader)) {}

    [[nodiscard]] std::uint64_t expectedPackets(std::uint64_t bytes) const override
    {
        return reader_->expectedRows(bytes);
    }
    std::unique_ptr<PacketSource> packets(const TimeWindow& window, SourceContext& context) override
    {
        return std::make_unique<PacketStream>(std::move(reader_), window, context.pool(),
                                              context.memory<PacketStream::Buffers>());
    }

private:
    std::unique_ptr<PacketReader> reader_;
};

} // namespace

bool recogniseCsv(std::string_view head)
{
    return !whyNoText(head, {});
}

Result<std::unique_ptr<OpenedInput>> openCsv(InputBytes bytes)
{
    auto reader = PacketReader::open(bytes.spec.file, std::move(bytes.source), bytes.blockSize);
    if (!reader)
        return std::move(reader).error();
    return std::unique_ptr<OpenedInput>(std::make_unique<CsvInput>(*std::move(reader)));
}

Result<void> inspectCsv(InputBytes bytes, CaptureFacts& facts)
{
    CsvTokenizer tokenizer(*bytes.source, bytes.blockSize);
    CsvRow row;
    auto step = tokenizer.next(row);
    const auto failure = [&](Error error) {
        error.file = bytes.spec.file;
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
    return {};
}

} // namespace packetloom
