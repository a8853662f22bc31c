// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/packet_reader.h"

#include "core/input/number.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr std::array<std::string_view, rejectReasonCount> reasonKeys{
    "too_few_fields",
    "too_many_fields",
    "stray_quote",
    "unclosed_quote",
    "nul_byte",
    "row_too_long",
    "timestamp_missing",
    "timestamp_unreadable",
    "timestamp_not_finite",
    "number_out_of_range",
    "address_not_utf8",
};

RejectReason reasonOf(RowProblem problem)
{
    switch (problem) {
    case RowProblem::TooFewFields:
        return RejectReason::TooFewFields;
    case RowProblem::TooManyFields:
        return RejectReason::TooManyFields;
    case RowProblem::UnclosedQuote:
        return RejectReason::UnclosedQuote;
    case RowProblem::NulByte:
        return RejectReason::NulByte;
    case RowProblem::TooLong:
        return RejectReason::RowTooLong;
    case RowProblem::StrayQuote:
    case RowProblem::None:
        break;
    }
    return RejectReason::StrayQuote;
}

void reject(ReadRow& row, RejectReason reason, Column column)
{
    row.fate = RowFate::Rejected;
    row.reason = reason;
    row.column = columnName(column);
}

RejectReason timestampReason(Number::Kind kind)
{
    switch (kind) {
    case Number::Kind::Missing:
        return RejectReason::TimestampMissing;
    case Number::Kind::NotFinite:
        return RejectReason::TimestampNotFinite;
    case Number::Kind::OutOfRange:
        return RejectReason::NumberOutOfRange;
    case Number::Kind::Unreadable:
    case Number::Kind::Integer:
    case Number::Kind::Fraction:
        break;
    }
    return RejectReason::TimestampUnreadable;
}

// Exports of packet analysers name the protocol where the reference wants its number (reference.md,
// difference 2).
bool sameLetters(std::string_view text, std::string_view lower)
{
    return text.size() == lower.size() &&
           std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
           });
}

std::int64_t protocolNumber(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return -1;
    text = text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
    if (sameLetters(text, "tcp"))
        return protocolTcp;
    if (sameLetters(text, "udp"))
        return protocolUdp;
    return sameLetters(text, "icmp") ? protocolIcmp : -1;
}

} // namespace

std::string_view rejectReasonKey(RejectReason reason)
{
    return reasonKeys[static_cast<std::size_t>(reason)];
}

PacketReader::PacketReader(std::filesystem::path path, std::unique_ptr<ByteSource> source,
                           std::size_t blockSize)
    : path_(std::move(path)), source_(std::move(source)), tokenizer_(*source_, blockSize)
{
}

Result<std::unique_ptr<PacketReader>> PacketReader::open(const std::filesystem::path& path,
                                                         std::size_t blockSize)
{
    auto source = openByteSource(path, blockSize);
    if (!source)
        return std::move(source).error();
    std::unique_ptr<PacketReader> reader(new PacketReader(path, *std::move(source), blockSize));
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
    columns_ = *columns;
    const auto flagType = std::find(row.fields.begin(), row.fields.end(), "flag_type");
    if (flagType != row.fields.end())
        flagTypeField_ = static_cast<std::size_t>(flagType - row.fields.begin());
    tokenizer_.expectFields(columns_.fieldCount());
    return {};
}

Error PacketReader::error() const
{
    Error error = tokenizer_.error();
    error.file = path_;
    error.line = tokenizer_.line();
    return error;
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
        row.reason = reasonOf(csv.problem);
        row.column = {};
    } else {
        interpret(csv.fields, rules, row);
    }
    return step;
}

void PacketReader::interpret(std::span<const std::string_view> fields, const PacketRules& rules, ReadRow& row)
{
    const Number timestamp = parseNumber(fields[columns_.index(Column::Timestamp)]);
    if (!timestamp.usable())
        return reject(row, timestampReason(timestamp.kind), Column::Timestamp);
    row.pastWindow = rules.window.endsBefore(timestamp);
    if (row.pastWindow || rules.window.startsAfter(timestamp)) {
        row.fate = RowFate::Filtered;
        return;
    }
    const auto source = rules.addresses->decode(fields[columns_.index(Column::SourceAddress)]);
    const auto destination = rules.addresses->decode(fields[columns_.index(Column::DestinationAddress)]);
    if (!source.valid || !destination.valid)
        return reject(row, RejectReason::AddressNotUtf8,
                      source.valid ? Column::DestinationAddress : Column::SourceAddress);
    const bool wanted = rules.ends == FilterEnds::Both ? source.wanted && destination.wanted
                                                       : source.wanted || destination.wanted;
    if (!wanted) {
        row.fate = RowFate::Filtered;
        return;
    }

    row.fate = RowFate::Kept;
    Packet& packet = row.packet;
    packet = {};
    packet.timestamp = timestamp.whole;
    packet.source = source.id;
    packet.destination = destination.id;
    const auto number = [&](Column column) -> Number {
        if (!columns_.has(column))
            return {.kind = Number::Kind::Missing};
        const Number value = parseNumber(fields[columns_.index(column)]);
        if (value.kind == Number::Kind::OutOfRange)
            reject(row, RejectReason::NumberOutOfRange, column);
        return value;
    };
    packet.sourcePort = number(Column::SourcePort).whole;
    packet.destinationPort = number(Column::DestinationPort).whole;
    packet.sequence = number(Column::Sequence).whole;
    packet.acknowledgment = number(Column::Acknowledgment).whole;
    packet.length = number(Column::Length).whole;
    const Number flags = number(Column::Flags);
    packet.flags.bits = flags.whole;
    packet.flags.origin = !columns_.has(Column::Flags) ? TcpFlags::Origin::Column
                          : flags.usable()             ? TcpFlags::Origin::Value
                                                       : TcpFlags::Origin::Missing;
    if (rules.flagTypes && flagTypeField_)
        packet.flags.origin = originOf(fields[*flagTypeField_], packet.flags);
    const Number protocol = number(Column::Protocol);
    packet.hasProtocol = protocol.usable();
    packet.protocol = protocol.whole;
    if (protocol.kind == Number::Kind::Unreadable) {
        const auto named = protocolNumber(fields[columns_.index(Column::Protocol)]);
        packet.hasProtocol = named >= 0;
        packet.protocol = std::max<std::int64_t>(named, 0);
    }
}

} // namespace packetloom
