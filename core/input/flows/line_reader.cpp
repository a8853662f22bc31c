// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/line_reader.h"

#include <algorithm>
#include <cstring>

namespace packetloom {
namespace {

constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

} // namespace

LineReader::Step LineReader::next()
{
    begin_ = next_;
    length_ = 0;
    tooLong_ = false;
    ++line_;
    std::size_t scanned = begin_;
    for (;;) {
        const auto* const from = buffer_.data() + scanned;
        const auto* const feed =
            scanned < end_ ? static_cast<const char*>(std::memchr(from, '\n', end_ - scanned)) : nullptr;
        if (feed) {
            const auto at = static_cast<std::size_t>(feed - buffer_.data());
            if (!tooLong_)
                length_ = at - begin_;
            next_ = at + 1;
            break;
        }
        if (!tooLong_ && end_ - begin_ > longestLine) {
            tooLong_ = true;
            length_ = longestLine;
        }
        if (tooLong_) // the rest of it is not kept
            end_ = begin_ + length_;
        const std::size_t begunAt = begin_;
        scanned = end_;
        const bool more = fill();
        scanned -= begunAt - begin_; // fill() moves the line to the front
        if (more)
            continue;
        if (failed_)
            return Step::Failed;
        if (end_ == begin_)
            return Step::End;
        if (!tooLong_)
            length_ = end_ - begin_;
        next_ = end_;
        break;
    }
    if (!tooLong_ && length_ > longestLine) {
        tooLong_ = true;
        length_ = longestLine;
    }
    if (line_ == 1 && text().starts_with(byteOrderMark)) {
        begin_ += byteOrderMark.size();
        length_ -= byteOrderMark.size();
    }
    if (!tooLong_ && text().ends_with('\r'))
        --length_;
    return Step::Line;
}

bool LineReader::fill()
{
    if (ended_ || failed_)
        return false;
    if (begin_ > 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    if (buffer_.size() < end_ + blockSize_ + padding)
        buffer_.resize(end_ + blockSize_ + padding);
    auto n = source_.read({buffer_.data() + end_, blockSize_});
    if (!n) {
        error_ = std::move(n).error();
        error_.line = line_;
        failed_ = true;
        return false;
    }
    end_ += *n;
    ended_ = *n == 0;
    return !ended_;
}

} // namespace packetloom
