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
    least_ = samples_ == 0 ? microseconds : std::min(least_, microseconds);
    most_ = std::max(most_, microseconds);
    ++samples_;
    if (!counts_ && kept_.size() < mostKept) {
        kept_.push_back(microseconds);
        return;
    }
    if (!counts_) {
        counts_ = std::make_unique<Counts>();
        for (const std::int64_t kept : kept_)
            ++(*counts_)[placeOf(kept)];
        kept_ = {};
    }
    ++(*counts_)[placeOf(microseconds)];
}

RoundTrips RoundTripDigest::figures() const
{
    RoundTrips figures{.samples = samples_, .least = least_, .median = 0, .most = most_};
    if (samples_ == 0)
        return figures;
    if (!counts_) { // of an even number the lower one of the two in the middle
        std::vector<std::int64_t> sorted = kept_;
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
        std::nth_element(sorted.begin(), middle, sorted.end());
        figures.median = *middle;
        return figures;
    }
    std::uint64_t before = 0;
    std::size_t place = 0;
    while (before + (*counts_)[place] <= (samples_ - 1) / 2)
        before += (*counts_)[place++];
    figures.median = std::clamp(middleOf(place), least_, most_);
    return figures;
}

} // namespace packetloom
