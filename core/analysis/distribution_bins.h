// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace packetloom {

/// Whole numbers from the least to the most, both inclusive.
struct ValueRange
{
    std::int64_t least = 0, most = 0;

    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

enum class BinScale : std::uint8_t {
    Linear,
    Logarithmic, ///< below its bins one for zero, and one for all that is negative
};

/// Bins for values, at most 60 of them (and those two), with round borders; 20 or more where the values lie
/// far enough apart. Ascending; each value between the least and the most is in one.
///  - linear: all of a width, which is 1, 2 or 5 times a power of ten, from multiples of it
///  - logarithmic: borders are preferred numbers (ISO 3: R20, R10, R5; or 1, 2, 5), the finest that are not
///    too many, rounded up to whole numbers; where they are few, of values less than about a power of ten
///    apart, the bins of the positive values are linear ones
class DistributionBins
{
public:
    static constexpr std::size_t most = 60, enough = 20;

    /// Of no values.
    DistributionBins() = default;
    /// `values`: the least and the most that there are; `leastPositive` is asked for by the logarithmic
    /// scale, where there are positive values.
    DistributionBins(BinScale scale, ValueRange values, std::int64_t leastPositive);

    [[nodiscard]] const std::vector<ValueRange>& ranges() const { return ranges_; }
    /// Of a value between the least and the most.
    [[nodiscard]] std::size_t indexOf(std::int64_t value) const;

private:
    void addLinear(ValueRange values);
    void addLogarithmic(ValueRange values);

    std::vector<ValueRange> ranges_;
    std::int64_t width_ = 0; ///< of linear bins; else 0
    std::int64_t first_ = 0; ///< linear: how many widths the first of them is from 0
    std::size_t signs_ = 0;  ///< bins in front of those: negative, zero
};

} // namespace packetloom
