// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace packetloom {

/// The lines of a text, which end with LF, CRLF or the text. A byte order mark at the beginning is skipped.
/// Memory is bounded by the longest line allowed and a block, whatever the input.
class LineReader
{
public:
    enum class Step : std::uint8_t { Line, End, Failed };

    static constexpr std::size_t longestLine = std::size_t{1} << 20;
    /// So many readable bytes follow text(): parsers look ahead.
    static constexpr std::size_t padding = 64;

    /// `source` must outlive it.
    LineReader(ByteSource& source, std::size_t blockSize) : source_(source), blockSize_(blockSize) {}

    Step next();
    /// Until the next call, without its end. Of one that is too long only the beginning.
    [[nodiscard]] std::string_view text() const { return {buffer_.data() + begin_, length_}; }
    [[nodiscard]] bool tooLong() const { return tooLong_; }
    /// Its number, from 1.
    [[nodiscard]] std::uint64_t line() const { return line_; }
    /// After Step::Failed.
    [[nodiscard]] const Error& error() const { return error_; }

private:
    bool fill(); ///< more bytes behind end_; false at the end, and after an error

    ByteSource& source_;
    std::size_t blockSize_;
    std::vector<char> buffer_; ///< text in [begin_, end_), then padding
    std::size_t begin_ = 0, end_ = 0;
    std::size_t next_ = 0; ///< where the line after the one at hand begins
    std::size_t length_ = 0;
    std::uint64_t line_ = 0;
    bool tooLong_ = false, ended_ = false, failed_ = false;
    Error error_;
};

} // namespace packetloom
