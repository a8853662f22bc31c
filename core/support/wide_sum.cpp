// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/wide_sum.h"

#include <algorithm>
#include <array>
#include <limits>

namespace packetloom {

std::optional<WideSum> WideSum::fromDecimal(std::string_view text)
{
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative ? 1 : 0);
    if (text.empty())
        return std::nullopt;
    std::array<std::uint32_t, 4> limbs{}; // least significant first
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        std::uint64_t carry = static_cast<std::uint64_t>(c - '0');
        for (auto& limb : limbs) {
            carry += std::uint64_t{limb} * 10;
            limb = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        if (carry != 0 || limbs[3] >> 31 != 0)
            return std::nullopt;
    }
    WideSum sum;
    sum.low_ = std::uint64_t{limbs[1]} << 32 | limbs[0];
    sum.high_ = std::uint64_t{limbs[3]} << 32 | limbs[2];
    if (negative) {
        sum.low_ = ~sum.low_ + 1;
        sum.high_ = ~sum.high_ + (sum.low_ == 0 ? 1 : 0);
    }
    return sum;
}

std::int64_t WideSum::clamped() const
{
    if (fits64())
        return static_cast<std::int64_t>(low_);
    return static_cast<std::int64_t>(high_) < 0 ? std::numeric_limits<std::int64_t>::min()
                                                : std::numeric_limits<std::int64_t>::max();
}

std::string WideSum::decimal() const
{
    const bool negative = static_cast<std::int64_t>(high_) < 0;
    std::uint64_t low = low_;
    std::uint64_t high = high_;
    if (negative) {
        low = ~low + 1;
        high = ~high + (low == 0 ? 1 : 0);
    }
    std::array<std::uint32_t, 4> limbs{
        static_cast<std::uint32_t>(high >> 32), static_cast<std::uint32_t>(high),
        static_cast<std::uint32_t>(low >> 32), static_cast<std::uint32_t>(low)};
    std::string digits;
    do { // schoolbook division by ten, most significant limb first
        std::uint64_t remainder = 0;
        for (auto& limb : limbs) {
            const std::uint64_t value = remainder << 32 | limb;
            limb = static_cast<std::uint32_t>(value / 10);
            remainder = value % 10;
        }
        digits.push_back(static_cast<char>('0' + remainder));
    } while (std::any_of(limbs.begin(), limbs.end(), [](std::uint32_t limb) { return limb != 0; }));
    if (negative)
        digits.push_back('-');
    std::reverse(digits.begin(), digits.end());
    return digits;
}

} // namespace packetloom
