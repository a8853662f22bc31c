// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/time_bins.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace packetloom {
namespace {

constexpr double twoTo63 = 9223372036854775808.0;

std::int64_t clampedInteger(double whole)
{
    if (whole >= twoTo63)
        return std::numeric_limits<std::int64_t>::max();
    if (whole < -twoTo63)
        return std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(whole);
}

std::uint64_t difference(std::int64_t minimum, std::int64_t maximum)
{
    return static_cast<std::uint64_t>(maximum) - static_cast<std::uint64_t>(minimum);
}

// The double nearest to the exact quotient, as a division of integers gives it in the reference: rounded
// once, also where the dividend is no double.
double nearestQuotient(std::uint64_t dividend, std::uint32_t divisor)
{
    if (dividend < std::uint64_t{1} << std::numeric_limits<double>::digits)
        return static_cast<double>(dividend) / divisor;
    const std::uint64_t whole = dividend / divisor;
    const int shift = std::countl_zero(whole);
    const std::uint64_t rest = dividend % divisor << shift;
    const std::uint64_t inexact = rest % divisor != 0 ? 1 : 0; // far below the bits that are kept
    return std::ldexp(static_cast<double>(((whole << shift) + rest / divisor) | inexact), -shift);
}

} // namespace

BinBorders::BinBorders(std::int64_t minimum, std::int64_t maximum, int count)
    : minimum_(minimum),
      width_(nearestQuotient(difference(minimum, maximum), static_cast<std::uint32_t>(count)))
{
    for (int i = 0; i <= count; ++i) {
        starts_.push_back(static_cast<double>(minimum) + i * width_);
        firstInside_.push_back(clampedInteger(std::ceil(starts_.back())));
    }
}

std::size_t BinBorders::binOf(std::int64_t timestamp) const
{
    // The guess is off by one at most; the borders decide.
    const double guess = static_cast<double>(difference(minimum_, timestamp)) / width_;
    std::size_t i = std::min(static_cast<std::size_t>(guess), size());
    while (i > 0 && !reaches(timestamp, i))
        --i;
    while (i < size() && reaches(timestamp, i + 1))
        ++i;
    return reaches(timestamp, 0) ? i : size();
}

bool BinBorders::reaches(std::int64_t timestamp, std::size_t start) const
{
    return timestamp >= firstInside_[start] && starts_[start] < twoTo63; // no integer reaches a later one
}

TimeBin BinBorders::bin(std::size_t i) const
{
    return {clampedInteger(std::trunc(starts_[i])), clampedInteger(std::trunc(starts_[i + 1])), 0};
}

Result<std::vector<TimeBin>> referenceBins(const TimestampStore& timestamps,
                                           const std::function<bool()>& goOn)
{
    if (timestamps.count() == 0)
        return std::vector<TimeBin>{};
    const auto minimum = timestamps.minimum(), maximum = timestamps.maximum();
    if (minimum == maximum)
        return std::vector<TimeBin>{{minimum, maximum, timestamps.count()}};
    const BinBorders borders(minimum, maximum, referenceBinCount);
    std::vector<std::uint64_t> counts(borders.size() + 1);
    const auto skip = [&](std::int64_t first, std::int64_t last, std::uint64_t count) {
        const std::size_t bin = borders.binOf(first);
        // Times on both sides of all bins are in none of them, and what lies between is.
        if (bin == borders.size() || bin != borders.binOf(last))
            return false;
        counts[bin] += count;
        return true;
    };
    auto walked = timestamps.forEach(
        [&](std::span<const std::int64_t> batch) {
            for (const auto timestamp : batch)
                ++counts[borders.binOf(timestamp)];
            return goOn();
        },
        skip);
    if (!walked)
        return std::move(walked).error();
    std::vector<TimeBin> bins;
    for (std::size_t i = 0; i < borders.size(); ++i) {
        bins.push_back(borders.bin(i));
        bins.back().packets = counts[i];
    }
    return bins;
}

} // namespace packetloom
