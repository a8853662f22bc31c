// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/time_bins.h"

#include <algorithm>
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

// maximum - minimum as the nearest double, as one division of exact integers gives it.
double exactDifference(std::int64_t minimum, std::int64_t maximum)
{
    return static_cast<double>(static_cast<std::uint64_t>(maximum) - static_cast<std::uint64_t>(minimum));
}

} // namespace

BinBorders::BinBorders(std::int64_t minimum, std::int64_t maximum, int count)
    : minimum_(minimum), width_(exactDifference(minimum, maximum) / count)
{
    for (int i = 0; i <= count; ++i) {
        starts_.push_back(static_cast<double>(minimum) + i * width_);
        firstInside_.push_back(clampedInteger(std::ceil(starts_.back())));
    }
}

std::size_t BinBorders::binOf(std::int64_t timestamp) const
{
    // The guess is off by one at most; the borders decide.
    const double guess = exactDifference(minimum_, timestamp) / width_;
    std::size_t i = std::min(static_cast<std::size_t>(guess), size());
    while (i > 0 && timestamp < firstInside_[i])
        --i;
    while (i < size() && timestamp >= firstInside_[i + 1])
        ++i;
    return timestamp < firstInside_[0] ? size() : i;
}

TimeBin BinBorders::bin(std::size_t i) const
{
    return {clampedInteger(std::trunc(starts_[i])), clampedInteger(std::trunc(starts_[i + 1])), 0};
}

Result<std::vector<TimeBin>> referenceBins(TimestampStore& timestamps, const std::function<bool()>& goOn)
{
    if (timestamps.count() == 0)
        return std::vector<TimeBin>{};
    const auto minimum = timestamps.minimum(), maximum = timestamps.maximum();
    if (minimum == maximum)
        return std::vector<TimeBin>{{minimum, maximum, timestamps.count()}};
    const BinBorders borders(minimum, maximum, referenceBinCount);
    std::vector<std::uint64_t> counts(borders.size() + 1);
    auto walked = timestamps.forEach([&](std::span<const std::int64_t> batch) {
        for (const auto timestamp : batch)
            ++counts[borders.binOf(timestamp)];
        return goOn();
    });
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
