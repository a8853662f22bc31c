// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv_tokenizer.h"

#include "core/input/delimiter_scan.h"
#include "core/input/digits.h"
#include "core/input/reject_reason.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace packetloom {
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
// Where the text begins in the buffer, and what may be read behind its end.
constexpr std::size_t front = digitSlack;
constexpr std::size_t back = std::max(scanWidth, DelimiterIndex::slack);

std::string_view withoutCarriageReturn(const char* begin, const char* end)
{
    if (end != begin && end[-1] == '\r')
        --end;
    return {begin, static_cast<std::size_t>(end - begin)};
}

} // namespace

CsvTokenizer::CsvTokenizer(ByteSource& source, std::size_t blockSize, std::size_t maxRowBytes)
    : source_(source),
      blockSize_(std::max<std::size_t>(blockSize, 1)),
      maxRowBytes_(maxRowBytes),
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
        error_ = std::move(n).error();
        failed_ = ended_ = true;
        return false;
    }
    ended_ = *n == 0;
    nulSeen_ = nulSeen_ || std::memchr(at(end_), '\0', *n) != nullptr;
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
        if (failed_)
            return Step::Failed;
        if (skippingLine_) {
            const auto* lineEnd = static_cast<const char*>(std::memchr(at(begin_), '\n', end_ - begin_));
            begin_ = lineEnd ? static_cast<std::size_t>(lineEnd - buffer_.data()) + 1 : end_;
            if (lineEnd) {
                ++line_;
                skippingLine_ = false;
            } else if (!fill() && !failed_) {
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
            return reject(row, tooLongBecause());
        if (scan == Scan::NeedMore) {
            fill();
            continue;
        }
        const std::string_view whole(at(begin_), next_ - begin_);
        if (nulSeen_ && whole.find('\0') != std::string_view::npos)
            return reject(row, RowProblem::NulByte);
        if (scan == Scan::Malformed)
            return reject(row, row.problem);
        if (skipBlankLine())
            continue;
        if (!fieldCountFits(row) && swallowedAnotherRow())
            return reject(row, RowProblem::UnclosedQuote);
        if (row.problem == RowProblem::None)
            row.fields = fields_;
        else
            row.fields = {};
        row.raw = whole.substr(0, std::min(whole.find('\n'), rawShown));
        begin_ = next_;
        line_ += rowLines_;
        return Step::Row;
    }
}

bool CsvTokenizer::takePlain(TextBlock& block)
{
    if (skippingLine_ || failed_)
        return false;
    std::string_view ahead;
    std::size_t lastFeed = 0;
    const auto look = [&] {
        ahead = {at(begin_), end_ - begin_};
        lastFeed = ahead.rfind('\n');
        return lastFeed != std::string_view::npos;
    };
    if (!look() && fill())
        look();
    if (lastFeed == std::string_view::npos || nulSeen_)
        return false;
    const std::size_t quote = ahead.substr(0, lastFeed).find('"');
    if (quote != std::string_view::npos) {
        lastFeed = ahead.substr(0, quote).rfind('\n');
        if (lastFeed == std::string_view::npos)
            return false;
    }
    // The block takes the buffer, and the partial row behind it goes to the one that the block brought.
    const std::size_t rest = begin_ + lastFeed + 1;
    const std::size_t kept = end_ - rest;
    if (block.text.size() < front + kept + blockSize_ + back)
        block.text.resize(front + kept + blockSize_ + back);
    std::memcpy(block.text.data() + front, at(rest), kept);
    block.text.swap(buffer_);
    block.begin = begin_;
    block.end = rest;
    block.maxRowBytes = maxRowBytes_;
    begin_ = front;
    end_ = front + kept;
    line_ = 1;
    return true;
}

// Rows without a quote, which is nearly all of them. The first quote hands the row over to scanQuoted().
CsvTokenizer::Scan CsvTokenizer::scanPlain(CsvRow& row)
{
    fields_.clear();
    std::size_t fieldBegin = begin_;
    for (std::size_t position = begin_; position < end_; position += scanWidth) {
        for (std::uint32_t mask = delimiterMask(at(position)); mask != 0; mask &= mask - 1) {
            const std::size_t hit = position + static_cast<std::size_t>(std::countr_zero(mask));
            if (hit >= end_)
                break;
            if (*at(hit) == ',') {
                fields_.emplace_back(at(fieldBegin), hit - fieldBegin);
                fieldBegin = hit + 1;
            } else if (*at(hit) == '\n') {
                fields_.push_back(withoutCarriageReturn(at(fieldBegin), at(hit)));
                next_ = hit + 1;
                rowLines_ = 1;
                return Scan::Complete;
            } else {
                return scanQuoted(row);
            }
        }
    }
    if (!ended_)
        return Scan::NeedMore;
    fields_.push_back(withoutCarriageReturn(at(fieldBegin), at(end_)));
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
    rowLines_ = 0;
    std::size_t position = begin_;
    for (;;) {
        if (position < end_ && *at(position) == '"') {
            const std::size_t copyBegin = unquoted_.size();
            for (++position;; ++position) {
                const auto* quote = static_cast<const char*>(std::memchr(at(position), '"', end_ - position));
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
                if (position == end_ || *at(position) != '"')
                    break;
                unquoted_.push_back('"');
            }
            pieces.push_back({copyBegin, unquoted_.size() - copyBegin, true});
        } else {
            std::size_t stop = position;
            while (stop < end_ && *at(stop) != ',' && *at(stop) != '\n' && *at(stop) != '"')
                ++stop;
            if (stop == end_ && !ended_)
                return Scan::NeedMore;
            if (stop < end_ && *at(stop) == '"')
                return strayQuote(row, stop);
            const bool last = stop == end_ || *at(stop) == '\n';
            const auto text = last ? withoutCarriageReturn(at(position), at(stop))
                                   : std::string_view(at(position), stop - position);
            pieces.push_back({position, text.size(), false});
            position = stop;
        }
        // After a field: a comma, the row's end, or something that must not be there.
        if (position < end_ && *at(position) == '\r') {
            if (position + 1 == end_ && !ended_)
                return Scan::NeedMore;
            if (position + 1 == end_ || *at(position + 1) == '\n')
                ++position;
        }
        if (position == end_ || *at(position) == '\n')
            break;
        if (*at(position) != ',')
            return strayQuote(row, position);
        ++position;
    }
    const bool terminated = position < end_;
    next_ = terminated ? position + 1 : end_;
    rowLines_ = static_cast<std::uint64_t>(std::count(at(begin_), at(next_), '\n'));
    fields_.clear();
    for (const auto& piece : pieces)
        fields_.emplace_back(piece.copied ? unquoted_.data() + piece.begin : at(piece.begin), piece.length);
    return Scan::Complete;
}

// Where the trouble shows on a later line, it began with a quote that was opened on the first and not closed.
CsvTokenizer::Scan CsvTokenizer::strayQuote(CsvRow& row, std::size_t position)
{
    next_ = position + 1;
    const bool sameLine = std::memchr(at(begin_), '\n', position - begin_) == nullptr;
    row.problem = sameLine ? RowProblem::StrayQuote : RowProblem::UnclosedQuote;
    return Scan::Malformed;
}

// A quote that does not close within the limit is not a quote. Judged on the same bytes whatever the block
// size.
RowProblem CsvTokenizer::tooLongBecause() const
{
    const auto quotes = std::count(at(begin_), at(begin_) + maxRowBytes_, '"');
    return quotes % 2 != 0 ? RowProblem::UnclosedQuote : RowProblem::TooLong;
}

bool CsvTokenizer::skipBlankLine()
{
    if (fields_.size() != 1 || *at(begin_) == '"' ||
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

// Of a row over several lines with the wrong number of fields: is its second line a whole row by itself? Then
// a quote was opened by mistake, and closed by another mistake further down.
bool CsvTokenizer::swallowedAnotherRow() const
{
    const std::string_view rest = std::string_view(at(begin_), next_ - begin_);
    const auto secondBegin = rest.find('\n') + 1;
    const auto secondEnd = rest.find('\n', secondBegin);
    if (secondEnd == std::string_view::npos)
        return false;
    const auto second = rest.substr(secondBegin, secondEnd - secondBegin);
    return second.find('"') == std::string_view::npos &&
           static_cast<std::size_t>(std::count(second.begin(), second.end(), ',')) + 1 == expectedFields_;
}

CsvTokenizer::Step CsvTokenizer::reject(CsvRow& row, RowProblem problem)
{
    row.problem = problem;
    row.fields = {};
    const auto findLineEnd = [&] {
        return static_cast<const char*>(std::memchr(at(begin_), '\n', end_ - begin_));
    };
    const char* lineEnd = findLineEnd();
    while (!lineEnd && end_ - begin_ < rawShown && fill()) // what is shown does not depend on the block size
        lineEnd = findLineEnd();
    const std::size_t stop = lineEnd ? static_cast<std::size_t>(lineEnd - buffer_.data()) : end_;
    row.raw = std::string_view(at(begin_), std::min(stop - begin_, rawShown));
    begin_ = lineEnd ? stop + 1 : end_;
    if (lineEnd)
        ++line_;
    else
        skippingLine_ = true;
    return Step::Row;
}

} // namespace packetloom
