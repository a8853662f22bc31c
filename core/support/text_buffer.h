// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace packetloom {

/// Longest decimal text of a 64-bit integer, and some room.
inline constexpr std::size_t longestDecimal = 24;

/// A text in memory that grows at its end; appended to like a BufferedWriter. clear() keeps the memory.
class TextBuffer
{
public:
    void append(std::string_view text)
    {
        if (text.empty()) // it may have no address to copy from
            return;
        std::memcpy(room(text.size()), text.data(), text.size());
        used_ += text.size();
    }
    void append(char c)
    {
        *room(1) = c;
        ++used_;
    }
    template <std::integral Number>
    requires(!std::same_as<Number, char> && !std::same_as<Number, bool>) void append(Number value)
    {
        char* const at = room(longestDecimal);
        used_ += static_cast<std::size_t>(std::to_chars(at, at + longestDecimal, value).ptr - at);
    }
    /// Where the next `size` bytes may be written; used() tells of them afterwards.
    char* room(std::size_t size)
    {
        if (capacity_ - used_ < size) [[unlikely]]
            grow(size);
        return buffer_.get() + used_;
    }
    void used(const char* end) { used_ = static_cast<std::size_t>(end - buffer_.get()); }
    void clear() { used_ = 0; }
    [[nodiscard]] std::string_view text() const { return {buffer_.get(), used_}; }

private:
    void grow(std::size_t size)
    {
        const std::size_t capacity = std::max({capacity_ * 2, used_ + size, std::size_t{256}});
        auto larger = std::make_unique_for_overwrite<char[]>(capacity);
        if (used_ > 0)
            std::memcpy(larger.get(), buffer_.get(), used_);
        buffer_ = std::move(larger);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t used_ = 0;
};

} // namespace packetloom
