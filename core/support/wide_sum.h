// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packetloom {

/// A sum of 64-bit integers that cannot overflow (128 bits, two's complement). The reference adds with
/// integers of any size; a capture may hold lengths up to the ends of 64 bits.
class WideSum
{
public:
    constexpr WideSum() = default;
    constexpr explicit WideSum(std::int64_t value)
        : low_(static_cast<std::uint64_t>(value)), high_(value < 0 ? ~std::uint64_t{0} : 0)
    {
    }

    constexpr WideSum& operator+=(WideSum other) // a copy: it may be added to itself
    {
        low_ += other.low_;
        high_ += other.high_ + (low_ < other.low_ ? 1 : 0);
        return *this;
    }
    constexpr WideSum& operator+=(std::int64_t value) { return *this += WideSum(value); }
    constexpr WideSum& operator-=(WideSum other)
    {
        high_ -= other.high_ + (low_ < other.low_ ? 1 : 0);
        low_ -= other.low_;
        return *this;
    }
    friend constexpr bool operator==(const WideSum&, const WideSum&) = default;
    friend constexpr bool operator<(const WideSum& a, const WideSum& b)
    {
        const auto ha = static_cast<std::int64_t>(a.high_), hb = static_cast<std::int64_t>(b.high_);
        return ha != hb ? ha < hb : a.low_ < b.low_;
    }

    /// Digits, after a minus or not; nothing when it is anything else, or beyond 127 bits.
    static std::optional<WideSum> fromDecimal(std::string_view text);

    [[nodiscard]] constexpr bool fits64() const
    {
        return high_ == (static_cast<std::int64_t>(low_) < 0 ? ~std::uint64_t{0} : 0);
    }
    /// The value when fits64(), else the nearest end of the 64-bit range.
    [[nodiscard]] std::int64_t clamped() const;
    [[nodiscard]] std::string decimal() const;

private:
    std::uint64_t low_ = 0;
    std::uint64_t high_ = 0;
};

/// Appends the decimal text to anything with append(string_view) and append(int64_t).
template <class Writer>
void appendDecimal(Writer& out, const WideSum& sum)
{
    if (sum.fits64())
        out.append(sum.clamped());
    else
        out.append(sum.decimal());
}

} // namespace packetloom
