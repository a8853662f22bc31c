// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/file.h"

#include <charconv>
#include <concepts>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace packetloom {

/// Collects small pieces of text and writes them in large blocks. The first error sticks: later text is
/// dropped and close() reports it, so that formatting code needs no check a call. The buffer is reused from
/// file to file.
class BufferedWriter
{
public:
    explicit BufferedWriter(std::size_t capacity = std::size_t{1} << 20);

    /// Ends the file before, if any was open; its error, if it had one, is lost with it. `path` must not
    /// exist.
    void open(const std::filesystem::path& path);
    /// Writes what is left and closes. The error, if there was one since open().
    Result<void> close();
    [[nodiscard]] bool failed() const noexcept { return error_.has_value(); }
    [[nodiscard]] const Error& error() const { return *error_; }
    [[nodiscard]] bool isOpen() const noexcept { return file_.isOpen(); }
    /// Bytes given since construction, over all files.
    [[nodiscard]] std::uint64_t bytesWritten() const noexcept { return flushed_ + used_; }

    void append(std::string_view text)
    {
        if (text.size() > capacity_ - used_) [[unlikely]]
            return appendLarge(text);
        if (text.empty()) // it may have no address to copy from
            return;
        std::memcpy(buffer_.get() + used_, text.data(), text.size());
        used_ += text.size();
    }
    void append(char c)
    {
        if (used_ == capacity_) [[unlikely]]
            flush();
        buffer_[used_++] = c;
    }
    template <std::integral Number>
    requires(!std::same_as<Number, char> && !std::same_as<Number, bool>) void append(Number value)
    {
        constexpr std::size_t longest = 24;
        if (capacity_ - used_ < longest) [[unlikely]]
            flush();
        char* const at = buffer_.get() + used_;
        used_ += static_cast<std::size_t>(std::to_chars(at, at + longest, value).ptr - at);
    }

private:
    void flush();
    void appendLarge(std::string_view text);

    std::size_t capacity_;
    std::size_t used_ = 0;
    std::unique_ptr<char[]> buffer_;
    std::uint64_t flushed_ = 0;
    File file_;
    std::optional<Error> error_;
};

} // namespace packetloom
