// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/input/csv/csv_dialect.h"
#include "core/input/csv/csv_row.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// Whole rows of text that can be split at every delimiter and line feed, because none of them has a quote
/// or a NUL byte, or at every one outside of quotes, where these are regularlyQuoted(). Every row ends with a
/// line feed, before which there may be a carriage return and nowhere else.
struct TextBlock
{
    std::vector<char> text; ///< digitSlack bytes lie before `begin`, DelimiterIndex::slack behind `end`
    std::size_t begin = 0, end = 0;
    std::size_t maxRowBytes = 0; ///< a longer row (with its line end) is malformed
    bool quoted = false;
};

/// Why a row is too long, by as many of its bytes as it may have: a quote that does not close within the
/// limit is not a quote.
RowProblem tooLongBecause(std::string_view beginning, char quote);

/// Splits CSV text (RFC 4180; lines end with LF, CRLF or a lone CR, also mixed; a byte order mark and blank
/// lines are skipped; no final line end needed) into rows. Memory is bounded by maxRowBytes + blockSize
/// whatever the input. Blocks may end anywhere. Where a comma and a quote are spoken of, the dialect's are
/// meant.
///
/// As pandas reads it, a quote has a meaning only where a field begins. Anywhere else it is a letter, and
/// what follows a closing quote up to the next comma belongs to the field.
///
/// A malformed row never costs a good one: behind a row with a wrong number of fields reading goes on at
/// once, and else at the line after the one where the row began, also when a quote that is never closed had
/// swallowed the rest.
class CsvTokenizer
{
public:
    enum class Step : std::uint8_t { Row, End, Failed };

    static constexpr std::size_t defaultMaxRowBytes = std::size_t{1} << 20;

    /// `source` must outlive the tokenizer.
    CsvTokenizer(ByteSource& source, std::size_t blockSize, std::size_t maxRowBytes = defaultMaxRowBytes,
                 const CsvDialect& dialect = {});

    Step next(CsvRow& row);
    /// What lies ahead, as far as it is plain rows: `block` gets them (its memory is used again) and line()
    /// begins anew at 1. False when the next row is for next(): its quotes are not regular, it is not there
    /// whole, or is none at all. After the header.
    bool takePlain(TextBlock& block);
    /// The number of fields that a row must have from now on; 0 (at first) takes any.
    void expectFields(std::size_t count) { expectedFields_ = count; }
    /// Line ends that were read but not yet passed.
    [[nodiscard]] std::uint64_t linesAhead() const;
    /// After Step::Failed.
    [[nodiscard]] const Error& error() const noexcept { return error_; }
    /// The line that the next row would begin on: the number of line ends passed, plus one.
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }

private:
    enum class Scan : std::uint8_t { Complete, Malformed, NeedMore };

    Scan scanPlain(CsvRow& row);
    Scan scanQuoted(CsvRow& row);
    void giveBlock(TextBlock& block, std::size_t rest, bool quoted);
    [[nodiscard]] std::size_t lastLineEnd() const; ///< end_ when there is none
    /// Whether there is a carriage return at `position` of which only more text tells if a line feed follows.
    [[nodiscard]] bool undecided(std::size_t position) const
    {
        return position + 1 == end_ && !ended_ && *at(position) == '\r';
    }
    [[nodiscard]] std::size_t behindLineEnd(std::size_t position) const
    {
        const bool both = *at(position) == '\r' && position + 1 < end_ && *at(position + 1) == '\n';
        return position + (both ? 2 : 1);
    }
    [[nodiscard]] std::size_t lineEndFrom(std::size_t position) const; ///< end_ when there is none
    bool fieldCountFits(CsvRow& row) const;
    [[nodiscard]] bool swallowedAnotherRow() const;
    Step reject(CsvRow& row, RowProblem problem);
    [[nodiscard]] bool skipBlankLine();
    bool fill(); ///< more bytes behind end_; false at the end of input or on failure
    [[nodiscard]] const char* at(std::size_t position) const { return buffer_.data() + position; }

    ByteSource& source_;
    std::size_t blockSize_;
    std::size_t maxRowBytes_;
    CsvDialect dialect_;
    std::vector<char> buffer_; ///< text in [begin_, end_), then scanWidth bytes of slack
    std::size_t begin_ = 0;    ///< where the next row begins
    std::size_t end_ = 0;
    std::size_t next_ = 0; ///< where the row after the scanned one begins
    std::uint64_t line_ = 1;
    std::uint64_t rowLines_ = 0; ///< line ends inside the scanned row
    std::size_t expectedFields_ = 0;
    std::vector<std::string_view> fields_;
    std::string unquoted_;
    bool atStart_ = true;
    bool textBehindQuote_ = false; ///< in the scanned row, before the next comma
    bool ended_ = false;
    bool skippingLine_ = false; ///< inside a rejected line whose end is not read yet
    bool failed_ = false;
    Error error_;
};

} // namespace packetloom
