// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/varint.h"
#include "core/support/wide_sum.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace packetloom {

/// Numbers and texts as bytes that any machine reads alike: LEB128, texts with their length before them.
class BytesOut
{
public:
    void count(std::uint64_t value)
    {
        std::uint8_t room[longestVarint];
        const auto* const end = putVarint(room, value);
        bytes_.append(reinterpret_cast<const char*>(room), static_cast<std::size_t>(end - room));
    }
    void number(std::int64_t value, std::int64_t predicted = 0) { count(zigzag(value, predicted)); }
    void text(std::string_view text)
    {
        count(text.size());
        bytes_.append(text);
    }
    /// Nearly always as its value and one more; else 0, and digits.
    void sum(const WideSum& sum)
    {
        if (sum.fits64() && sum.clamped() >= 0) {
            count(static_cast<std::uint64_t>(sum.clamped()) + 1);
        } else {
            count(0);
            text(sum.decimal());
        }
    }
    void raw(std::string_view bytes) { bytes_.append(bytes); }

    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    void clear() { bytes_.clear(); }

private:
    std::string bytes_;
};

/// The inverse. Checksums tell of damage before this; what is no such bytes all the same reads as 0 and empty
/// from there on, and makes it bad().
class BytesIn
{
public:
    explicit BytesIn(std::string_view bytes)
        : at_(reinterpret_cast<const std::uint8_t*>(bytes.data())), end_(at_ + bytes.size())
    {
    }

    std::uint64_t count()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
            const std::uint64_t byte = *at_++;
            value |= (byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        return fail();
    }
    std::int64_t number(std::int64_t predicted = 0) { return unzigzag(count(), predicted); }
    std::string_view text() { return raw(count()); }
    WideSum sum()
    {
        if (const std::uint64_t more = count(); more > 0)
            return more - 1 <= mostSum ? WideSum(static_cast<std::int64_t>(more - 1)) : (fail(), WideSum());
        const auto sum = WideSum::fromDecimal(text());
        if (!sum)
            fail();
        return sum.value_or(WideSum());
    }
    std::string_view raw(std::uint64_t size)
    {
        if (size > static_cast<std::uint64_t>(end_ - at_)) {
            fail();
            return {};
        }
        const auto* const begin = reinterpret_cast<const char*>(at_);
        at_ += size;
        return {begin, static_cast<std::size_t>(size)};
    }
    /// What was not taken yet.
    [[nodiscard]] std::string_view rest() const
    {
        return {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(end_ - at_)};
    }
    [[nodiscard]] bool atEnd() const { return at_ == end_; }
    [[nodiscard]] bool bad() const { return bad_; }

private:
    std::uint64_t fail()
    {
        bad_ = true;
        at_ = end_;
        return 0;
    }

    static constexpr std::uint64_t mostSum = ~std::uint64_t{0} >> 1;

    const std::uint8_t* at_;
    const std::uint8_t* end_;
    bool bad_ = false;
};

} // namespace packetloom
