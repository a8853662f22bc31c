// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>

namespace packetloom {

/// Joins two numbers to a hash whose every bit depends on all of both (multiply and fold, the idea of
/// wyhash). For keys of small numbers that are alike, such as ports and address numbers: std::hash leaves an
/// integer as it is, and a table of powers of two then sees its low bits alone.
constexpr std::uint64_t hashMix(std::uint64_t a, std::uint64_t b)
{
    a ^= b + 0x9E3779B97F4A7C15u;
    a *= 0xD6E8FEB86659FD93u;
    return a ^ a >> 32;
}

} // namespace packetloom
