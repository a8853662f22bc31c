// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/packet_reader.h"

#include "core/input/bytes/content_sniffer.h"
#include "core/input/csv/batch_builder.h"
#include "core/input/csv/csv_sniffer.h"
#include "core/input/csv/tokenized_fields.h"
#include "core/input/csv/translated_fields.h"

#include <algorithm>

namespace packetloom {
namespace {

// So many rows are read with care before the fast way is tried again, or rows of so much text: rows may be
// wide.
constexpr std::uint32_t rowsAPiece = 1024;
constexpr std::size_t bytesAPiece = std::size_t{1} << 20;

} // namespace

PacketReader::PacketReader(std::filesystem::path path, std::unique_ptr<ByteSource> source,
                           std::size_t blockSize, TableLayout layout)
    : path_(std::move(path)),
      source_(std::move(source)),
      layout_(std::move(layout)),
      tokenizer_(*source_, blockSize, CsvTokenizer::defaultMaxRowBytes, layout_.dialect)
{
}

Result<std::unique_ptr<PacketReader>> PacketReader::open(const std::filesystem::path& path,
                                                         std::size_t blockSize, const StopEvent* stop)
{
    auto source = openByteSource(path, blockSize, stop);
    if (!source)
        return std::move(source).error();
    if (auto reason = whyNoText((*source)->head(), path))
        return *std::move(reason);
    return open(path, *std::move(source), blockSize, {});
}

Result<std::unique_ptr<PacketReader>> PacketReader::open(const std::filesystem::path& path,
                                                         std::unique_ptr<ByteSource> source,
                                                         std::size_t blockSize, TableLayout layout)
{
    std::unique_ptr<PacketReader> reader(
        new PacketReader(path, std::move(source), blockSize, std::move(layout)));
    if (auto header = reader->readHeader(); !header) {
        Error error = std::move(header).error();
        error.file = path;
        return error;
    }
    return reader;
}

Result<void> PacketReader::readHeader()
{
    CsvRow row;
    if (!layout_.reference) {
        if (layout_.dialect.header && tokenizer_.next(row) == CsvTokenizer::Step::Failed)
            return tokenizer_.error();
        beginRows(layout_.translated());
        return {};
    }
    switch (tokenizer_.next(row)) {
    case CsvTokenizer::Step::Failed:
        return tokenizer_.error();
    case CsvTokenizer::Step::End:
        return Error{.code = Errc::Empty, .detail = {}, .file = path_};
    case CsvTokenizer::Step::Row:
        break;
    }
    if (row.problem == RowProblem::NulByte)
        return Error{.code = Errc::Binary, .detail = {}, .file = path_, .line = row.line};
    auto columns =
        ColumnMap::fromHeader(row.fields); // a malformed header has no fields: all columns are missing
    if (!columns) {
        Error error = std::move(columns).error();
        error.line = row.line;
        return error;
    }
    const auto flagType = std::find(row.fields.begin(), row.fields.end(), "flag_type");
    if (flagType != row.fields.end())
        flagTypeField_ = static_cast<std::size_t>(flagType - row.fields.begin());
    beginRows(*columns);
    return {};
}

void PacketReader::beginRows(const ColumnMap& columns)
{
    columns_ = columns;
    tokenizer_.expectFields(columns_.fieldCount());
    headerLines_ = tokenizer_.line() - 1;
    pieceLine_ = tokenizer_.line();
}

Error PacketReader::error() const
{
    Error error = tokenizer_.error();
    error.file = path_;
    error.line = tokenizer_.line();
    return error;
}

std::uint64_t PacketReader::expectedRows(std::uint64_t bytes) const
{
    const auto seen = static_cast<double>(tokenizer_.linesAhead());
    const auto read = static_cast<double>(std::max<std::uint64_t>(source_->bytesOnDisk(), 1));
    return static_cast<std::uint64_t>(seen / read * static_cast<double>(bytes));
}

CsvTokenizer::Step PacketReader::next(const PacketRules& rules, ReadRow& row)
{
    CsvRow csv;
    const auto step = tokenizer_.next(csv);
    if (step != CsvTokenizer::Step::Row)
        return step;
    row.line = csv.line;
    row.raw = csv.raw;
    row.pastWindow = false;
    if (csv.problem != RowProblem::None) {
        row.fate = RowFate::Rejected;
        row.reason = rejectReasonOf(csv.problem);
        row.column = {};
    } else if (layout_.reference) {
        interpret(TokenizedFields(csv.fields), rules, row);
    } else {
        interpret(TranslatedFields(TokenizedFields(csv.fields), layout_), rules, row);
    }
    return step;
}

template <class Fields>
void PacketReader::interpret(const Fields& fields, const PacketRules& rules, ReadRow& row)
{
    row.packet = {};
    const auto verdict = interpretRow(fields, columns_, rules.window, row.packet);
    row.fate = verdict.fate;
    row.pastWindow = verdict.pastWindow;
    row.reason = verdict.reason;
    row.column = verdict.column;
    if (row.fate != RowFate::Kept && !verdict.addressesFirst)
        return;
    const auto source = rules.addresses->decode(fields.addressText(columns_.index(Column::SourceAddress)));
    const auto destination =
        rules.addresses->decode(fields.addressText(columns_.index(Column::DestinationAddress)));
    if (!source.valid || !destination.valid) {
        row.fate = RowFate::Rejected;
        row.reason = RejectReason::AddressNotUtf8;
        row.column = columnName(source.valid ? Column::DestinationAddress : Column::SourceAddress);
        return;
    }
    if (!wanted(source, destination, rules.ends)) {
        row.fate = RowFate::Filtered;
        return;
    }
    row.packet.source = source.id;
    row.packet.destination = destination.id;
    if (rules.flagTypes && flagTypeField_)
        row.packet.flags.origin = originOf(fields.text(*flagTypeField_), row.packet.flags);
}

PacketReader::Piece PacketReader::nextPiece(const TimeWindow& window, TextBlock& block, PacketBatch& batch)
{
    if (ended_)
        return Piece::End;
    if (tokenizer_.takePlain(block)) {
        pieceLine_ = tokenizer_.line();
        return Piece::Text;
    }
    batch.clear();
    const bool good = readRows(window, batch);
    if (batch.rows > 0 || batch.lines > 0)
        return Piece::Rows;
    return good ? Piece::End : Piece::Failed;
}

// False when reading failed, which is told after the rows before it were taken.
bool PacketReader::readRows(const TimeWindow& window, PacketBatch& batch)
{
    BatchBuilder builder(batch, columns_, window);
    const std::uint64_t firstLine = pieceLine_;
    CsvRow csv;
    bool good = true;
    std::size_t bytes = 0;
    while (batch.rows < rowsAPiece && bytes < bytesAPiece) {
        const auto step = tokenizer_.next(csv);
        if (step != CsvTokenizer::Step::Row) {
            good = step == CsvTokenizer::Step::End;
            ended_ = good;
            break;
        }
        const auto line = static_cast<std::uint32_t>(csv.line - firstLine);
        for (const std::string_view field : csv.fields)
            bytes += field.size();
        bytes += csv.raw.size(); // more than counts, but for rows that are too long: then much less
        if (csv.problem == RowProblem::TooLong)
            bytes = bytesAPiece;
        if (csv.problem == RowProblem::None && layout_.reference)
            builder.add(line, TokenizedFields(csv.fields), csv.raw);
        else if (csv.problem == RowProblem::None)
            builder.add(line, TranslatedFields(TokenizedFields(csv.fields), layout_), csv.raw);
        else
            builder.addMalformed(line, csv.problem, csv.raw);
    }
    pieceLine_ = tokenizer_.line();
    batch.lines = pieceLine_ - firstLine;
    return good;
}

} // namespace packetloom
