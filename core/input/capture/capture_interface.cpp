// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/capture_interface.h"

#include <limits>

namespace packetloom {
namespace {

constexpr std::uint64_t million = 1'000'000;
constexpr std::uint8_t microseconds = 6, nanoseconds = 9;

/// Microseconds of a number of units, or nothing.
struct Count
{
    std::uint64_t whole = 0;
    bool more = false;
};

constexpr std::uint64_t powerOf10(unsigned exponent)
{
    std::uint64_t power = 1;
    for (unsigned i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

std::optional<Count> decimal(std::uint64_t units, unsigned exponent)
{
    constexpr unsigned mostDigits = 19; // of a power of ten in 64 bits
    if (exponent <= microseconds) {
        const std::uint64_t factor = powerOf10(microseconds - exponent);
        if (units > std::numeric_limits<std::uint64_t>::max() / factor)
            return std::nullopt;
        return Count{units * factor, false};
    }
    if (exponent - microseconds > mostDigits)
        return Count{0, units != 0};
    const std::uint64_t divisor = powerOf10(exponent - microseconds);
    return Count{units / divisor, units % divisor != 0};
}

// units * 10^6 / 2^exponent: the product has 84 bits, so it is made of the two halves of `units`.
std::optional<Count> binary(std::uint64_t units, unsigned exponent)
{
    constexpr std::uint64_t halfMask = 0xffffffff;
    const std::uint64_t lowHalf = (units & halfMask) * million;
    const std::uint64_t highHalf = (units >> 32) * million + (lowHalf >> 32);
    const std::uint64_t high = highHalf >> 32, low = highHalf << 32 | (lowHalf & halfMask);
    if (exponent == 0)
        return high != 0 ? std::nullopt : std::optional(Count{low, false});
    if (exponent < 64) {
        if (high >> exponent != 0)
            return std::nullopt;
        return Count{high << (64 - exponent) | low >> exponent, low << (64 - exponent) != 0};
    }
    const unsigned rest = exponent - 64;
    return Count{rest < 64 ? high >> rest : 0,
                 low != 0 || (rest < 64 ? (high & ((std::uint64_t{1} << rest) - 1)) != 0 : high != 0)};
}

} // namespace

std::optional<CaptureTime> captureTime(std::uint64_t units, const CaptureInterface& interface)
{
    constexpr std::uint8_t binaryBit = 0x80;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max(),
                           mostSeconds = most / static_cast<std::int64_t>(million);
    std::optional<Count> count;
    if (interface.resolution == microseconds) // almost always one of these two
        count = Count{units, false};
    else if (interface.resolution == nanoseconds)
        count = Count{units / 1000, units % 1000 != 0};
    else if ((interface.resolution & binaryBit) != 0)
        count = binary(units, interface.resolution & 0x7fu);
    else
        count = decimal(units, interface.resolution);
    if (!count || count->whole > static_cast<std::uint64_t>(most))
        return std::nullopt;
    const auto whole = static_cast<std::int64_t>(count->whole);
    if (interface.offsetSeconds == 0)
        return CaptureTime{whole, count->more};
    if (interface.offsetSeconds > mostSeconds || interface.offsetSeconds < -mostSeconds)
        return std::nullopt;
    const std::int64_t offset = interface.offsetSeconds * static_cast<std::int64_t>(million);
    if (offset > 0 && whole > most - offset)
        return std::nullopt;
    return CaptureTime{whole + offset, count->more};
}

} // namespace packetloom
