// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace packetloom {

/// Round-trip times in bounded memory: few are kept as they are, many are counted by their size, a sixteenth
/// of a power of two at a time.
class RoundTripDigest
{
public:
    static constexpr std::size_t mostKept = 32;

    /// Begins anew.
    void clear()
    {
        samples_ = 0;
        least_ = most_ = 0;
        more_ = nullptr;
    }
    /// Microseconds; below 0 counts as 0.
    void add(std::int64_t microseconds);
    [[nodiscard]] RoundTrips figures() const;

private:
    static constexpr unsigned stepBits = 4, powers = 40;
    using Counts = std::array<std::uint32_t, (powers + 1) << stepBits>;
    static std::size_t placeOf(std::int64_t microseconds);
    static std::int64_t middleOf(std::size_t place);

    std::uint64_t samples_ = 0;
    std::int64_t least_ = 0, most_ = 0;
    struct More
    {
        std::vector<std::int64_t> kept;
        std::unique_ptr<Counts> counts; ///< once there are more than that
    };
    std::unique_ptr<More> more_; ///< from the third sample on: two are the least and the most
};

} // namespace packetloom
