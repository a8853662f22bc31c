// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/round_trip_digest.h"

#include <algorithm>
#include <bit>

namespace packetloom {

std::size_t RoundTripDigest::placeOf(std::int64_t microseconds)
{
    const auto value = static_cast<std::uint64_t>(microseconds);
    const unsigned width = static_cast<unsigned>(std::bit_width(value));
    if (width <= stepBits) // each by itself
        return static_cast<std::size_t>(value);
    const unsigned power = std::min(width - stepBits, powers);
    const std::uint64_t mostSteps = (std::uint64_t{1} << stepBits) - 1;
    return (std::size_t{power} << stepBits) | static_cast<std::size_t>((value >> (power - 1)) & mostSteps);
}

std::int64_t RoundTripDigest::middleOf(std::size_t place)
{
    const std::size_t power = place >> stepBits;
    const std::size_t steps = place & ((std::size_t{1} << stepBits) - 1);
    if (power == 0)
        return static_cast<std::int64_t>(steps);
    const std::int64_t low = static_cast<std::int64_t>((steps | std::size_t{1} << stepBits)) << (power - 1);
    return low + (std::int64_t{1} << (power - 1)) / 2;
}

void RoundTripDigest::add(std::int64_t microseconds)
{
    microseconds = std::max<std::int64_t>(microseconds, 0);
    if (samples_ == 2)
        more_ = std::make_unique<More>(More{{least_, most_}, nullptr});
    least_ = samples_ == 0 ? microseconds : std::min(least_, microseconds);
    most_ = std::max(most_, microseconds);
    ++samples_;
    if (!more_)
        return;
    auto& [kept, counts] = *more_;
    if (!counts && kept.size() < mostKept) {
        kept.push_back(microseconds);
        return;
    }
    if (!counts) {
        counts = std::make_unique<Counts>();
        for (const std::int64_t one : kept)
            ++(*counts)[placeOf(one)];
        kept = {};
    }
    ++(*counts)[placeOf(microseconds)];
}

RoundTrips RoundTripDigest::figures() const
{
    // Of an even number the lower one of the two in the middle.
    RoundTrips figures{.samples = samples_, .least = least_, .median = least_, .most = most_};
    if (!more_)
        return figures;
    const auto& [kept, counts] = *more_;
    if (!counts) {
        std::vector<std::int64_t> sorted = kept;
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
        std::nth_element(sorted.begin(), middle, sorted.end());
        figures.median = *middle;
        return figures;
    }
    std::uint64_t before = 0;
    std::size_t place = 0;
    while (before + (*counts)[place] <= (samples_ - 1) / 2)
        before += (*counts)[place++];
    figures.median = std::clamp(middleOf(place), least_, most_);
    return figures;
}

} // namespace packetloom
