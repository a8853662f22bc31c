// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>

namespace packetloom {

/// How far a is behind b, of sequence numbers, which go round (RFC 9293, 3.4): negative where it is before.
constexpr std::int32_t serialDistance(std::uint32_t a, std::uint32_t b)
{
    return static_cast<std::int32_t>(a - b);
}

} // namespace packetloom
