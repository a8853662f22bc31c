// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/distribution_bins.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

namespace packetloom {
namespace {

constexpr auto lowest = std::numeric_limits<std::int64_t>::min(),
               highest = std::numeric_limits<std::int64_t>::max();

/// Rounded down, also of negative numbers.
std::int64_t widthsIn(std::int64_t value, std::int64_t width)
{
    return value / width - (value % width < 0 ? 1 : 0);
}

std::uint64_t binsOf(ValueRange values, std::int64_t width)
{
    return static_cast<std::uint64_t>(widthsIn(values.most, width)) -
           static_cast<std::uint64_t>(widthsIn(values.least, width)) + 1;
}

std::int64_t roundWidth(ValueRange values)
{
    // 60 widths of 5 * 10^17 are more than all numbers.
    for (std::int64_t power = 1;; power *= 10) {
        for (const std::int64_t width : {power, 2 * power, 5 * power}) {
            if (const auto bins = binsOf(values, width); bins > 0 && bins <= DistributionBins::most)
                return width;
        }
    }
}

// In hundredths of a power of ten, which they divide into parts of about the same ratio.
constexpr std::array r20{100, 112, 125, 140, 160, 180, 200, 224, 250, 280,
                         315, 355, 400, 450, 500, 560, 630, 710, 800, 900};
constexpr std::array r10{100, 125, 160, 200, 250, 315, 400, 500, 630, 800};
constexpr std::array r5{100, 160, 250, 400, 630};
constexpr std::array r3{100, 200, 500};

/// From that which holds the least value to that which holds the most.
std::vector<ValueRange> binsBy(std::span<const int> series, ValueRange values)
{
    std::vector<ValueRange> bins;
    for (std::int64_t power = 1;; power *= 10) {
        for (const std::int64_t part : series) {
            const std::int64_t border = power >= 100 ? part * (power / 100) : (part * power + 99) / 100;
            if (!bins.empty() && border > bins.back().least)
                bins.back().most = border - 1;
            if (border > values.most)
                return bins;
            if (border <= values.least)
                bins.clear();
            if (bins.empty() || border > bins.back().least)
                bins.push_back({border, highest});
        }
        if (power > highest / 10) // 900 times a hundredth of it was the last border that fits
            return bins;
    }
}

} // namespace

DistributionBins::DistributionBins(BinScale scale, ValueRange values, std::int64_t leastPositive)
{
    if (scale == BinScale::Linear) {
        addLinear(values);
        return;
    }
    if (values.least < 0)
        ranges_.push_back({lowest, -1});
    if (values.least <= 0 && values.most >= 0)
        ranges_.push_back({0, 0});
    signs_ = ranges_.size();
    if (values.most > 0)
        addLogarithmic({leastPositive, values.most});
}

void DistributionBins::addLinear(ValueRange values)
{
    width_ = roundWidth(values);
    first_ = widthsIn(values.least, width_);
    const auto count = binsOf(values, width_);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::int64_t at = first_ + static_cast<std::int64_t>(i);
        ranges_.push_back({at < lowest / width_ ? lowest : at * width_,
                           at >= highest / width_ ? highest : (at + 1) * width_ - 1});
    }
}

void DistributionBins::addLogarithmic(ValueRange values)
{
    std::vector<ValueRange> bins;
    for (const auto series : {std::span<const int>(r20), std::span<const int>(r10), std::span<const int>(r5),
                              std::span<const int>(r3)}) {
        bins = binsBy(series, values);
        if (bins.size() <= most)
            break;
    }
    if (bins.size() < enough && binsOf(values, roundWidth(values)) >= bins.size())
        return addLinear(values);
    ranges_.insert(ranges_.end(), bins.begin(), bins.end());
}

std::size_t DistributionBins::indexOf(std::int64_t value) const
{
    if (width_ > 0 && (signs_ == 0 || value > 0))
        return signs_ + static_cast<std::size_t>(static_cast<std::uint64_t>(widthsIn(value, width_)) -
                                                 static_cast<std::uint64_t>(first_));
    const auto behind =
        std::upper_bound(ranges_.begin(), ranges_.end(), value,
                         [](std::int64_t v, const ValueRange& range) { return v < range.least; });
    return static_cast<std::size_t>(behind - ranges_.begin()) - 1;
}

} // namespace packetloom
