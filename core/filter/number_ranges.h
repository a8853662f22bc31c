// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_expression.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <vector>

namespace packetloom {

/// The numbers that a filter asks for: ranges, in order, that do not touch.
class NumberRanges
{
public:
    explicit NumberRanges(std::span<const FilterValue> values)
    {
        std::vector<FilterValue> sorted;
        std::copy_if(values.begin(), values.end(), std::back_inserter(sorted),
                     [](const FilterValue& value) { return value.least <= value.most; });
        std::sort(sorted.begin(), sorted.end(),
                  [](const FilterValue& a, const FilterValue& b) { return a.least < b.least; });
        for (const auto& value : sorted) {
            if (!ranges_.empty() && (ranges_.back().most == std::numeric_limits<std::int64_t>::max() ||
                                     value.least <= ranges_.back().most + 1))
                ranges_.back().most = std::max(ranges_.back().most, value.most);
            else
                ranges_.push_back({value.least, value.most});
        }
    }

    [[nodiscard]] bool have(std::int64_t number) const
    {
        const auto behind = std::partition_point(ranges_.begin(), ranges_.end(),
                                                 [&](const Range& range) { return range.most < number; });
        return behind != ranges_.end() && behind->least <= number;
    }
    /// Whether any number from `first` to `last` is one of them.
    [[nodiscard]] bool haveAny(std::int64_t first, std::int64_t last) const
    {
        const auto behind = std::partition_point(ranges_.begin(), ranges_.end(),
                                                 [&](const Range& range) { return range.most < first; });
        return behind != ranges_.end() && behind->least <= last;
    }

    /// Sets hits[i] to whether any(test, i) of a test of one number; few ranges cost no branch.
    template <class Any>
    void fill(std::span<std::uint8_t> hits, const Any& any) const
    {
        constexpr std::size_t few = 4;
        if (ranges_.size() > few) {
            for (std::size_t i = 0; i < hits.size(); ++i)
                hits[i] = any([this](std::int64_t number) { return have(number); }, i) ? 1 : 0;
            return;
        }
        std::fill(hits.begin(), hits.end(), std::uint8_t{0});
        for (const Range& range : ranges_) {
            const auto least = static_cast<std::uint64_t>(range.least),
                       width = static_cast<std::uint64_t>(range.most) - least;
            const auto test = [=](std::int64_t number) {
                return static_cast<std::uint64_t>(number) - least <= width;
            };
            for (std::size_t i = 0; i < hits.size(); ++i)
                hits[i] = static_cast<std::uint8_t>(hits[i] | (any(test, i) ? 1 : 0));
        }
    }

private:
    struct Range
    {
        std::int64_t least, most; ///< both inclusive
    };
    std::vector<Range> ranges_;
};

} // namespace packetloom
