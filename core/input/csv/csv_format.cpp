// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/csv_format.h"

#include "core/input/bytes/content_sniffer.h"
#include "core/input/csv/csv_sniffer.h"
#include "core/input/csv/packet_stream.h"
#include "core/input/csv/table_problems.h"

#include <utility>
#include <variant>

namespace packetloom {
namespace {

Error named(Error error, const std::filesystem::path& file)
{
    error.file = file;
    return error;
}

std::vector<std::string> namesOf(const std::vector<Column>& columns)
{
    std::vector<std::string> names;
    for (const auto column : columns)
        names.emplace_back(columnName(column));
    return names;
}

Error headerError(const SniffedTable& table, const std::filesystem::path& file)
{
    HeaderColumns columns;
    columns.missing = namesOf(table.missing);
    columns.found = table.header;
    return {.code = Errc::Header, .detail = table.suggestion, .file = file, .facts = std::move(columns)};
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
    auto table = sniffTable(bytes.source->head(), bytes.spec);
    if (!table)
        return named(std::move(table).error(), bytes.spec.file);
    if (!table->missing.empty() && !table->layout.reference)
        return headerError(*table, bytes.spec.file);
    std::string suggestion = std::move(table->suggestion);
    auto missing = namesOf(table->missing);
    auto reader = PacketReader::open(bytes.spec.file, std::move(bytes.source), bytes.blockSize,
                                     std::move(table->layout));
    if (!reader) {
        Error error = std::move(reader).error();
        if (error.code == Errc::Header) {
            error.detail = std::move(suggestion);
            // Others may be there under another name.
            if (auto* const columns = std::get_if<HeaderColumns>(&error.facts); columns && !missing.empty())
                columns->missing = std::move(missing);
        }
        return error;
    }
    return std::unique_ptr<OpenedInput>(std::make_unique<CsvInput>(*std::move(reader)));
}

Result<void> inspectCsv(InputBytes bytes, CaptureFacts& facts)
{
    auto table = sniffTable(bytes.source->head(), bytes.spec);
    if (!table)
        return named(std::move(table).error(), bytes.spec.file);
    // What a run would say of the file: of a header without the columns, the facts say more.
    auto reader =
        table->missing.empty()
            ? PacketReader::open(bytes.spec.file, std::move(bytes.source), bytes.blockSize, table->layout)
            : Result<std::unique_ptr<PacketReader>>(std::unique_ptr<PacketReader>());
    if (!reader)
        return std::move(reader).error();
    inspectTable(*table, bytes.spec, facts);
    return {};
}

} // namespace packetloom
