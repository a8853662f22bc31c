// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>

namespace packetloom::generator {

/// Takes a text or a file piece by piece; false stops whoever gives it.
using TextConsumer = std::function<bool(std::string_view piece)>;

/// Small pieces, given to a consumer in large blocks.
class BlockBuffer
{
public:
    /// `consumer` must outlive it.
    explicit BlockBuffer(const TextConsumer& consumer) : consumer_(consumer) {}

    /// Room for so many bytes, at most 64 KiB. end() says how many were needed.
    char* room(std::size_t bytes)
    {
        if (capacity - used_ < bytes) [[unlikely]]
            flush();
        return buffer_.get() + used_;
    }
    void end(const char* at) { used_ = static_cast<std::size_t>(at - buffer_.get()); }
    /// At most 64 KiB.
    void write(std::string_view text)
    {
        char* const at = room(text.size());
        std::memcpy(at, text.data(), text.size());
        end(at + text.size());
    }
    /// Hands over what is left.
    void flush();
    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
    /// Of all that was written.
    [[nodiscard]] std::uint64_t bytes() const noexcept { return flushed_ + used_; }

private:
    static constexpr std::size_t capacity = std::size_t{1} << 20;

    const TextConsumer& consumer_;
    std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(capacity);
    std::size_t used_ = 0;
    std::uint64_t flushed_ = 0;
    bool stopped_ = false;
};

} // namespace packetloom::generator
