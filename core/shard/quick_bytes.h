// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/varint.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace packetloom {

// Bytes of records that come by the million: written and read without a look at where the end is, which is
// asked for once a record. Numbers of 32 bits take 0, 1, 2 or 4 bytes, little-endian; which of these, two
// bits elsewhere say.

inline constexpr std::array<std::uint8_t, 4> quickWidths{0, 1, 2, 4};

/// The code of the narrowest width.
constexpr unsigned quickWidthOf(std::uint32_t number)
{
    return (number != 0 ? 1u : 0u) + (number > 0xff ? 1u : 0u) + (number > 0xffff ? 1u : 0u);
}

/// Differences of numbers of 32 bits, which wrap around, as numbers that are small when the difference is.
constexpr std::uint32_t zigzag32(std::uint32_t value, std::uint32_t predicted)
{
    const std::uint32_t difference = value - predicted;
    return difference << 1 ^ (difference >> 31 != 0 ? ~std::uint32_t{0} : 0);
}
constexpr std::uint32_t unzigzag32(std::uint32_t number, std::uint32_t predicted)
{
    return predicted + (number >> 1 ^ ((number & 1) != 0 ? ~std::uint32_t{0} : 0));
}
constexpr bool fits32(std::int64_t number)
{
    return static_cast<std::uint64_t>(number) <= 0xffffffff;
}
constexpr bool fits16(std::int64_t number)
{
    return static_cast<std::uint64_t>(number) <= 0xffff;
}

class QuickOut
{
public:
    /// Room for what is written next, with four bytes that are touched behind it.
    void reserve(std::size_t more)
    {
        if (bytes_.size() - used_ < more)
            bytes_.resize(2 * bytes_.size() + more);
    }
    /// Where it stands, to be set() later.
    std::size_t byte(unsigned value)
    {
        bytes_[used_] = static_cast<std::uint8_t>(value);
        return used_++;
    }
    void set(std::size_t at, unsigned value) { bytes_[at] = static_cast<std::uint8_t>(value); }
    void two(unsigned value)
    {
        bytes_[used_++] = static_cast<std::uint8_t>(value);
        bytes_[used_++] = static_cast<std::uint8_t>(value >> 8);
    }
    /// Returns the code of the width.
    unsigned upToFour(std::uint32_t value)
    {
        std::uint8_t* const at = bytes_.data() + used_;
        at[0] = static_cast<std::uint8_t>(value);
        at[1] = static_cast<std::uint8_t>(value >> 8);
        at[2] = static_cast<std::uint8_t>(value >> 16);
        at[3] = static_cast<std::uint8_t>(value >> 24);
        const unsigned width = quickWidthOf(value);
        used_ += quickWidths[width];
        return width;
    }
    void four(std::uint32_t value)
    {
        two(value & 0xffff);
        two(value >> 16);
    }
    void count(std::uint64_t value)
    {
        std::uint8_t* const at = bytes_.data() + used_;
        used_ += static_cast<std::size_t>(putVarint(at, value) - at);
    }
    void number(std::int64_t value, std::int64_t predicted = 0) { count(zigzag(value, predicted)); }
    /// With a reserve() of its own.
    void raw(std::string_view bytes)
    {
        reserve(bytes.size() + longestVarint);
        bytes.copy(reinterpret_cast<char*>(bytes_.data() + used_), bytes.size());
        used_ += bytes.size();
    }

    [[nodiscard]] std::size_t size() const { return used_; }
    [[nodiscard]] std::string_view bytes() const
    {
        return {reinterpret_cast<const char*>(bytes_.data()), used_};
    }
    /// Keeps the memory.
    void clear() { used_ = 0; }

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t used_ = 0;
};

/// The inverse. Readable bytes must lie behind the end, as many as a record may take: past() is asked after
/// each.
class QuickIn
{
public:
    QuickIn() = default;
    explicit QuickIn(std::string_view bytes)
        : at_(reinterpret_cast<const std::uint8_t*>(bytes.data())), end_(at_ + bytes.size())
    {
    }
    unsigned byte() { return *at_++; }
    unsigned two()
    {
        const unsigned value = at_[0] | static_cast<unsigned>(at_[1]) << 8;
        at_ += 2;
        return value;
    }
    std::uint32_t upToFour(unsigned width)
    {
        constexpr std::array<std::uint32_t, 4> masks{0, 0xff, 0xffff, 0xffffffff};
        const std::uint32_t value =
            at_[0] | std::uint32_t{at_[1]} << 8 | std::uint32_t{at_[2]} << 16 | std::uint32_t{at_[3]} << 24;
        at_ += quickWidths[width];
        return value & masks[width];
    }
    std::uint32_t four()
    {
        const unsigned low = two();
        return low | std::uint32_t{two()} << 16;
    }
    std::uint64_t count() { return takeAnyVarint(at_); }
    std::int64_t number(std::int64_t predicted = 0) { return unzigzag(count(), predicted); }
    /// So many bytes where there are as many, else none, and it is past() the end.
    std::string_view raw(std::uint64_t size)
    {
        if (at_ > end_ || size > static_cast<std::uint64_t>(end_ - at_)) {
            at_ = end_ + 1;
            return {};
        }
        const auto* const begin = reinterpret_cast<const char*>(at_);
        at_ += size;
        return {begin, static_cast<std::size_t>(size)};
    }
    [[nodiscard]] bool past() const { return at_ > end_; }
    [[nodiscard]] bool atEnd() const { return at_ == end_; }
    [[nodiscard]] std::string_view rest() const
    {
        return {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(end_ - at_)};
    }

private:
    const std::uint8_t* at_ = nullptr;
    const std::uint8_t* end_ = nullptr;
};

} // namespace packetloom
