// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"

#include <string>

namespace packetloom::test {

/// A capture's text from memory, handed out in pieces of at most `piece` bytes whatever is asked for.
class MemorySource final : public ByteSource
{
public:
    explicit MemorySource(std::string text, std::size_t piece = ~std::size_t{0})
        : text_(std::move(text)), piece_(piece)
    {
    }
    Result<std::size_t> read(std::span<char> into) override;
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return used_; }

private:
    std::string text_;
    std::size_t piece_;
    std::size_t used_ = 0;
};

/// A text of `unit` repeated until there are `total` bytes, without holding it: for inputs that no test may
/// keep in memory.
class RepeatingSource final : public ByteSource
{
public:
    RepeatingSource(std::string head, std::string unit, std::uint64_t total, std::string tail)
        : head_(std::move(head)), unit_(std::move(unit)), tail_(std::move(tail)), total_(total)
    {
    }
    Result<std::size_t> read(std::span<char> into) override;
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return used_; }

private:
    std::string head_, unit_, tail_;
    std::uint64_t total_; ///< of the repeated part
    std::uint64_t used_ = 0;
};

} // namespace packetloom::test
