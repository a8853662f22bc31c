// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/hash_mix.h"

#include <array>
#include <chrono>
#include <random>

namespace packetloom {
namespace {

// The finalizer of splitmix64: every bit of it depends on all bits of the number.
std::uint64_t mixed(std::uint64_t number)
{
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9u;
    number = (number ^ number >> 27) * 0x94D049BB133111EBu;
    return number ^ number >> 31;
}

} // namespace

HashKey::HashKey() noexcept
{
    // Time and place are mixed in for the sake of libraries whose random_device is none.
    const auto now = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    std::uint64_t state = mixed(now) ^ reinterpret_cast<std::uintptr_t>(this);
    std::array<std::uint64_t, 3> random{};
    try {
        std::random_device device;
        for (std::uint64_t& number : random)
            number = std::uint64_t{device()} << 32 | device();
    } catch (...) { // no randomness; what was drawn stays
        state = mixed(state);
    }
    constexpr std::uint64_t step = 0x9E3779B97F4A7C15u;
    first_ = random[0] ^ mixed(state += step);
    second_ = random[1] ^ mixed(state += step);
    third_ = (random[2] ^ mixed(state + step)) | 1u;
}

} // namespace packetloom
