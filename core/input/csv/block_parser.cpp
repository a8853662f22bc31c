// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/block_parser.h"

#include "core/input/csv/batch_builder.h"
#include "core/input/csv/translated_fields.h"

namespace packetloom {
namespace {

/// The fields of one row, between the delimiters that the index found. Fields that are `Quoted` may have
/// quotes around them.
template <bool Quoted>
class IndexedFields
{
public:
    /// `ends` are the places of the row's delimiters. The first field begins at `rowBegin`.
    IndexedFields(const char* text, const std::uint32_t* ends, std::uint32_t rowBegin, char quote)
        : text_(text), ends_(ends), begin_(rowBegin), quote_(quote)
    {
    }

    [[nodiscard]] Number number(std::size_t field) const
    {
        Number number{.kind = Number::Kind::Integer};
        if (parseDigits(beginOf(field), endOf(field), number.whole)) [[likely]]
            return number;
        return parseNumber(text(field));
    }
    // Into locals first: text may alias anything, and so each store would make the compiler load all again.
    [[nodiscard]] bool plainNumbers(const ColumnMap& columns, Packet& packet,
                                    std::int8_t& /*remainder*/) const
    {
        std::uint64_t foreign = 0;
        const auto value = [&](Column column) {
            const std::size_t field = columns.index(column);
            return digitsOf(beginOf(field), endOf(field), foreign);
        };
        const std::int64_t timestamp = value(Column::Timestamp);
        const std::int64_t sourcePort = value(Column::SourcePort);
        const std::int64_t destinationPort = value(Column::DestinationPort);
        const std::int64_t flags = value(Column::Flags);
        const std::int64_t sequence = value(Column::Sequence);
        const std::int64_t acknowledgment = value(Column::Acknowledgment);
        const std::int64_t length = value(Column::Length);
        const std::int64_t protocol = value(Column::Protocol);
        if (foreign != 0) [[unlikely]]
            return false;
        packet.timestamp = timestamp;
        packet.sourcePort = sourcePort;
        packet.destinationPort = destinationPort;
        packet.sequence = sequence;
        packet.acknowledgment = acknowledgment;
        packet.length = length;
        packet.protocol = protocol;
        packet.flags.bits = flags;
        packet.hasProtocol = true;
        return true;
    }
    [[nodiscard]] std::string_view text(std::size_t field) const
    {
        const char* const begin = beginOf(field);
        return {begin, static_cast<std::size_t>(endOf(field) - begin)};
    }
    std::uint32_t address(std::size_t field, AddressFields& fields) const
    {
        return addressReference(text(field), fields);
    }
    /// Of a part of a field.
    std::uint32_t address(std::string_view part, AddressFields& fields) const
    {
        return addressReference(part, fields);
    }

private:
    [[nodiscard]] const char* fieldBegin(std::size_t field) const
    {
        return text_ + (field == 0 ? begin_ : ends_[field - 1] + 1);
    }
    // A field that begins with a quote ends with one, too.
    [[nodiscard]] std::size_t quotes(std::size_t field) const
    {
        return Quoted && *fieldBegin(field) == quote_ ? 1 : 0;
    }
    [[nodiscard]] const char* beginOf(std::size_t field) const { return fieldBegin(field) + quotes(field); }
    [[nodiscard]] const char* endOf(std::size_t field) const { return text_ + ends_[field] - quotes(field); }

    const char* text_;
    const std::uint32_t* ends_;
    std::uint32_t begin_;
    char quote_;
};

bool isBlank(std::string_view row)
{
    return row.find_first_not_of(" \t") == std::string_view::npos;
}

} // namespace

void BlockParser::parse(const TextBlock& block, const ColumnMap& columns, const TimeWindow& window,
                        PacketBatch& batch, const TableLayout& layout)
{
    const char* const text = block.text.data() + block.begin;
    const auto plain = [](const auto& fields) { return fields; };
    const auto translated = [&](const auto& fields) { return TranslatedFields(fields, layout); };
    if (block.quoted) {
        index_.scanQuoted(text, block.end - block.begin, layout.dialect);
        if (layout.reference)
            parseRows<true>(block, columns, window, batch, layout.dialect.quote, plain);
        else
            parseRows<true>(block, columns, window, batch, layout.dialect.quote, translated);
        return;
    }
    index_.scan(text, block.end - block.begin, DelimiterIndex::bestMethod(), layout.dialect.delimiter);
    if (layout.reference) [[likely]]
        parseRows<false>(block, columns, window, batch, layout.dialect.quote, plain);
    else
        parseRows<false>(block, columns, window, batch, layout.dialect.quote, translated);
}

template <bool Quoted, class FieldsOf>
void BlockParser::parseRows(const TextBlock& block, const ColumnMap& columns, const TimeWindow& window,
                            PacketBatch& batch, char quote, const FieldsOf& fieldsOf)
{
    const char* const text = block.text.data() + block.begin;
    batch.packets.reserve(index_.rows());
    batch.places.reserve(index_.rows());
    BatchBuilder builder(batch, columns, window);
    const std::size_t expected = columns.fieldCount();
    std::size_t firstDelimiter = 0, rowBegin = 0;
    for (std::uint32_t line = 0; line < index_.rows(); ++line) {
        const std::size_t delimitersEnd = index_.delimitersThrough(line);
        const std::size_t fields = delimitersEnd - firstDelimiter;
        const std::size_t next = index_.delimiters()[delimitersEnd - 1] + std::size_t{1};
        std::size_t rowEnd = next - 1;
        if (rowEnd > rowBegin && text[rowEnd - 1] == '\r')
            index_.moveDelimiter(delimitersEnd - 1, static_cast<std::uint32_t>(--rowEnd));
        const std::string_view row(text + rowBegin, rowEnd - rowBegin);
        if (next - rowBegin > block.maxRowBytes)
            builder.addMalformed(line,
                                 Quoted ? tooLongBecause({text + rowBegin, block.maxRowBytes}, quote)
                                        : RowProblem::TooLong,
                                 row);
        else if (fields == expected)
            builder.add(line,
                        fieldsOf(IndexedFields<Quoted>(text, index_.delimiters() + firstDelimiter,
                                                       static_cast<std::uint32_t>(rowBegin), quote)),
                        row);
        else if (fields != 1 || !isBlank(row))
            builder.addMalformed(
                line, fields < expected ? RowProblem::TooFewFields : RowProblem::TooManyFields, row);
        firstDelimiter = delimitersEnd;
        rowBegin = next;
    }
    batch.lines = index_.rows();
}

} // namespace packetloom
