// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace packetloom::generator {

/// xoshiro256**, seeded through splitmix64. Not std::mt19937 with std distributions: those give different
/// numbers with different standard libraries, and a capture must be the same bytes everywhere. For the same
/// reason no expression draws twice where the order of evaluation is open.
class Random
{
public:
    explicit Random(std::uint64_t seed)
    {
        for (auto& word : state_) {
            seed += 0x9E3779B97F4A7C15U;
            std::uint64_t z = seed;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
            word = z ^ (z >> 31);
        }
    }

    std::uint64_t next()
    {
        const std::uint64_t result = rotated(state_[1] * 5, 7) * 9;
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = rotated(state_[3], 45);
        return result;
    }
    std::uint32_t next32() { return static_cast<std::uint32_t>(next() >> 32); }

    /// 0 .. end-1; 0 for an `end` of 0.
    std::uint32_t below(std::uint32_t end)
    {
        return static_cast<std::uint32_t>((static_cast<std::uint64_t>(next32()) * end) >> 32);
    }
    /// Both ends inclusive, `low` <= `high`, their distance below 2^32.
    std::uint32_t between(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
    /// True so many times in a million.
    bool chance(std::uint32_t perMillion) { return below(1'000'000) < perMillion; }
    /// Mostly about `base`, twice as large half as often, and so on up to `base` << (`doublings` + 1).
    std::uint32_t heavyTailed(std::uint32_t base, std::uint32_t doublings)
    {
        std::uint32_t shift = 0;
        for (std::uint32_t bits = next32(); shift < doublings && (bits & 1) != 0; bits >>= 1)
            ++shift;
        const std::uint32_t low = base << shift;
        return low + below(low);
    }

private:
    static std::uint64_t rotated(std::uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

    std::array<std::uint64_t, 4> state_{};
};

/// A share of 0..1 as chance() takes it.
inline std::uint32_t perMillion(double share)
{
    return static_cast<std::uint32_t>(std::floor(share * 1e6 + 0.5));
}

} // namespace packetloom::generator
