// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/csv_tokenizer.h"

#include "core/input/csv/delimiter_scan.h"
#include "core/input/csv/digits.h"
#include "core/input/csv/quoted_scan.h"
#include "core/model/reject_reason.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace packetloom {
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
// Where the text begins in the buffer, and what may be read behind its end.
constexpr std::size_t front = digitSlack;
constexpr std::size_t back = std::max(scanWidth, DelimiterIndex::slack);

bool endsLine(char c)
{
    return c == '\n' || c == '\r';
}

std::uint64_t lineEnds(std::string_view text)
{
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
    return count;
}

} // namespace

CsvTokenizer::CsvTokenizer(ByteSource& source, std::size_t blockSize, std::size_t maxRowBytes,
                           const CsvDialect& dialect)
    : source_(source),
      blockSize_(std::max<std::size_t>(blockSize, 1)),
      maxRowBytes_(maxRowBytes),
      dialect_(dialect),
      buffer_(front + blockSize_ + back),
      begin_(front),
      end_(front)
{
}

bool CsvTokenizer::fill()
{
    if (ended_)
        return false;
    if (begin_ > front) { // the partial row moves to the front: no more than a row's length a block
        std::memmove(buffer_.data() + front, at(begin_), end_ - begin_);
        end_ -= begin_ - front;
        begin_ = front;
    }
    if (buffer_.size() < end_ + blockSize_ + back)
        buffer_.resize(std::max(buffer_.size() * 2, end_ + blockSize_ + back));
    auto n = source_.read(std::span(buffer_).subspan(end_, blockSize_));
    if (!n) {
        // Rows that are whole come first, as if the file ended behind the last of them.
        error_ = std::move(n).error();
        failed_ = ended_ = true;
        while (end_ > begin_ && !endsLine(*at(end_ - 1)))
            --end_;
        return false;
    }
    ended_ = *n == 0;
    end_ += *n;
    return *n > 0;
}

CsvTokenizer::Step CsvTokenizer::next(CsvRow& row)
{
    if (atStart_) {
        while (end_ - begin_ < byteOrderMark.size() && fill()) {
        }
        if (std::string_view(at(begin_), end_ - begin_).starts_with(byteOrderMark))
            begin_ += byteOrderMark.size();
        atStart_ = false;
    }
    for (;;) {
        if (failed_ && begin_ == end_)
            return Step::Failed;
        if (skippingLine_) {
            begin_ = lineEndFrom(begin_);
            if (begin_ < end_ && !undecided(begin_)) {
                begin_ = behindLineEnd(begin_);
                ++line_;
                skippingLine_ = false;
            } else if (!fill() && !failed_ && begin_ == end_) {
                return Step::End;
            }
            continue;
        }
        for (; begin_ < end_ && *at(begin_) == '\n'; ++begin_) // a shortcut: there may be gigabytes of them
            ++line_;
        if (begin_ == end_) {
            if (!fill() && !failed_)
                return Step::End;
            continue;
        }
        row.line = line_;
        row.problem = RowProblem::None;
        const Scan scan = scanPlain(row);
        if ((scan == Scan::NeedMore ? end_ : next_) - begin_ > maxRowBytes_)
            return reject(row, tooLongBecause({at(begin_), maxRowBytes_}, dialect_.quote));
        if (scan == Scan::NeedMore) {
            fill();
            continue;
        }
        const std::string_view whole(at(begin_), next_ - begin_);
        if (whole.find('\0') != std::string_view::npos)
            return reject(row, RowProblem::NulByte);
        if (scan == Scan::Malformed)
            return reject(row, row.problem);
        if (skipBlankLine())
            continue;
        if ((!fieldCountFits(row) || textBehindQuote_) && swallowedAnotherRow())
            return reject(row, RowProblem::UnclosedQuote);
        if (row.problem == RowProblem::None)
            row.fields = fields_;
        else
            row.fields = {};
        row.raw = whole.substr(0, rawShown);
        row.raw =
            row.raw.substr(0, static_cast<std::size_t>(
                                  std::find_if(row.raw.begin(), row.raw.end(), endsLine) - row.raw.begin()));
        begin_ = next_;
        line_ += rowLines_;
        return Step::Row;
    }
}

bool CsvTokenizer::takePlain(TextBlock& block)
{
    if (skippingLine_ || failed_)
        return false;
    std::size_t last = lastLineEnd();
    if (last == end_) {
        fill();
        last = lastLineEnd();
    }
    if (last == end_)
        return false;
    // Outside of quotes a lone carriage return ends a row. As a line feed it needs no care any more.
    std::size_t irregular = begin_;
    for (;; ++irregular) {
        irregular +=
            findIrregular(at(irregular), last - irregular, DelimiterIndex::bestMethod(), dialect_.quote);
        if (irregular == last || *at(irregular) != '\r')
            break;
        buffer_[irregular] = '\n';
    }
    if (irregular == last) {
        buffer_[last] = '\n';
    } else {
        const auto feed = std::string_view(at(begin_), irregular - begin_).rfind('\n');
        if (feed == std::string_view::npos) {
            const std::size_t rows = regularlyQuoted(at(begin_), last + 1 - begin_, dialect_);
            if (rows == 0)
                return false;
            giveBlock(block, begin_ + rows, true);
            return true;
        }
        last = begin_ + feed;
    }
    giveBlock(block, last + 1, false);
    return true;
}

// The block takes the buffer, and what is behind its rows goes to the one that the block brought.
void CsvTokenizer::giveBlock(TextBlock& block, std::size_t rest, bool quoted)
{
    const std::size_t kept = end_ - rest;
    if (block.text.size() < front + kept + blockSize_ + back)
        block.text.resize(front + kept + blockSize_ + back);
    std::memcpy(block.text.data() + front, at(rest), kept);
    block.text.swap(buffer_);
    block.begin = begin_;
    block.end = rest;
    block.maxRowBytes = maxRowBytes_;
    block.quoted = quoted;
    begin_ = front;
    end_ = front + kept;
    line_ = 1;
}

// The last place up to which the text ahead is lines for sure: behind a final carriage return a line feed may
// come with the next block.
std::size_t CsvTokenizer::lastLineEnd() const
{
    for (std::size_t position = end_; position > begin_; --position) {
        if (endsLine(*at(position - 1)) && !undecided(position - 1))
            return position - 1;
    }
    return end_;
}

// In windows, so that a text with one kind of line end is not searched to its end for the other.
std::size_t CsvTokenizer::lineEndFrom(std::size_t position) const
{
    constexpr std::size_t window = 1024;
    while (position < end_) {
        std::size_t size = std::min(window, end_ - position);
        bool found = false;
        for (const char c : {'\n', '\r'}) {
            if (const void* const hit = std::memchr(at(position), c, size)) {
                found = true;
                size = static_cast<std::size_t>(static_cast<const char*>(hit) - at(position));
            }
        }
        position += size;
        if (found)
            return position;
    }
    return end_;
}

std::uint64_t CsvTokenizer::linesAhead() const
{
    return lineEnds({at(begin_), end_ - begin_});
}

// Rows without a quoted field, which is nearly all of them. The first one hands the row over to scanQuoted().
CsvTokenizer::Scan CsvTokenizer::scanPlain(CsvRow& row)
{
    fields_.clear();
    textBehindQuote_ = false;
    std::size_t fieldBegin = begin_;
    for (std::size_t position = begin_; position < end_; position += scanWidth) {
        for (std::uint32_t mask = delimiterMask(at(position), dialect_); mask != 0; mask &= mask - 1) {
            const std::size_t hit = position + static_cast<std::size_t>(std::countr_zero(mask));
            if (hit >= end_)
                break;
            if (*at(hit) == dialect_.delimiter) {
                fields_.emplace_back(at(fieldBegin), hit - fieldBegin);
                fieldBegin = hit + 1;
            } else if (*at(hit) == dialect_.quote) {
                if (hit == fieldBegin)
                    return scanQuoted(row);
            } else if (undecided(hit)) {
                return Scan::NeedMore;
            } else {
                fields_.emplace_back(at(fieldBegin), hit - fieldBegin);
                next_ = behindLineEnd(hit);
                rowLines_ = 1;
                return Scan::Complete;
            }
        }
    }
    if (!ended_)
        return Scan::NeedMore;
    fields_.emplace_back(at(fieldBegin), end_ - fieldBegin);
    next_ = end_;
    rowLines_ = 0;
    return Scan::Complete;
}

// The row again from its start, with quotes. Quoted text is copied without its quotes; the views into the
// copy are made when it is whole, because it moves while it grows.
CsvTokenizer::Scan CsvTokenizer::scanQuoted(CsvRow& row)
{
    struct Piece
    {
        std::size_t begin, length;
        bool copied;
    };
    std::vector<Piece> pieces;
    unquoted_.clear();
    std::size_t position = begin_;
    for (;; ++position) {
        const bool quoted = position < end_ && *at(position) == dialect_.quote;
        const std::size_t copyBegin = unquoted_.size();
        if (quoted) {
            for (++position;; ++position) {
                const auto* quote =
                    static_cast<const char*>(std::memchr(at(position), dialect_.quote, end_ - position));
                if (!quote) {
                    row.problem = RowProblem::UnclosedQuote; // unless there is more to come
                    next_ = end_;
                    return ended_ ? Scan::Malformed : Scan::NeedMore;
                }
                const auto hit = static_cast<std::size_t>(quote - buffer_.data());
                unquoted_.append(at(position), hit - position);
                position = hit + 1;
                if (position == end_ && !ended_)
                    return Scan::NeedMore; // a second quote may follow
                if (position == end_ || *at(position) != dialect_.quote)
                    break;
                unquoted_.push_back(dialect_.quote);
            }
        }
        std::size_t stop = position;
        while (stop < end_ && *at(stop) != dialect_.delimiter && !endsLine(*at(stop)))
            ++stop;
        if (stop == end_ ? !ended_ : undecided(stop))
            return Scan::NeedMore;
        if (quoted) {
            textBehindQuote_ = textBehindQuote_ || stop > position;
            unquoted_.append(at(position), stop - position);
            pieces.push_back({copyBegin, unquoted_.size() - copyBegin, true});
        } else {
            pieces.push_back({position, stop - position, false});
        }
        position = stop;
        if (position == end_ || *at(position) != dialect_.delimiter)
            break;
    }
    next_ = position < end_ ? behindLineEnd(position) : end_;
    rowLines_ = lineEnds({at(begin_), next_ - begin_});
    fields_.clear();
    for (const auto& piece : pieces)
        fields_.emplace_back(piece.copied ? unquoted_.data() + piece.begin : at(piece.begin), piece.length);
    return Scan::Complete;
}

bool CsvTokenizer::skipBlankLine()
{
    if (fields_.size() != 1 || *at(begin_) == dialect_.quote ||
        fields_[0].find_first_not_of(" \t") != std::string_view::npos)
        return false;
    begin_ = next_;
    line_ += rowLines_;
    return true;
}

bool CsvTokenizer::fieldCountFits(CsvRow& row) const
{
    if (expectedFields_ != 0 && fields_.size() != expectedFields_)
        row.problem = fields_.size() < expectedFields_ ? RowProblem::TooFewFields : RowProblem::TooManyFields;
    return row.problem == RowProblem::None;
}

// Of a row over several lines with the wrong number of fields, or with text behind a closing quote: is its
// second line a whole row by itself? Then a quote was opened by mistake, and closed by another mistake
// further down.
bool CsvTokenizer::swallowedAnotherRow() const
{
    const std::size_t firstEnd = lineEndFrom(begin_);
    const std::size_t second = firstEnd < next_ ? behindLineEnd(firstEnd) : next_;
    const std::size_t secondEnd = lineEndFrom(second);
    if (second == next_ || secondEnd == end_)
        return false;
    const std::string_view text(at(second), secondEnd - second);
    return text.find(dialect_.quote) == std::string_view::npos &&
           static_cast<std::size_t>(std::count(text.begin(), text.end(), dialect_.delimiter)) + 1 ==
               expectedFields_;
}

CsvTokenizer::Step CsvTokenizer::reject(CsvRow& row, RowProblem problem)
{
    row.problem = problem;
    row.fields = {};
    std::size_t stop = lineEndFrom(begin_);
    // What is shown does not depend on the block size.
    while (stop == end_ ? end_ - begin_ < rawShown && !ended_ : undecided(stop)) {
        fill();
        stop = lineEndFrom(begin_);
    }
    row.raw = std::string_view(at(begin_), std::min(stop - begin_, rawShown));
    if (stop == end_) {
        skippingLine_ = true;
        begin_ = end_;
    } else {
        ++line_;
        begin_ = behindLineEnd(stop);
    }
    return Step::Row;
}

// Judged on the same bytes whatever the block size.
RowProblem tooLongBecause(std::string_view beginning, char quote)
{
    return std::count(beginning.begin(), beginning.end(), quote) % 2 != 0 ? RowProblem::UnclosedQuote
                                                                          : RowProblem::TooLong;
}

RejectReason rejectReasonOf(RowProblem problem)
{
    switch (problem) {
    case RowProblem::TooFewFields:
        return RejectReason::TooFewFields;
    case RowProblem::TooManyFields:
        return RejectReason::TooManyFields;
    case RowProblem::NulByte:
        return RejectReason::NulByte;
    case RowProblem::TooLong:
        return RejectReason::RowTooLong;
    case RowProblem::UnclosedQuote:
    case RowProblem::None:
        break;
    }
    return RejectReason::UnclosedQuote;
}

} // namespace packetloom
