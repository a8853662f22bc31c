// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <filesystem>

namespace packetloom {

/// Of packets within packets (tunnels), those that count: the innermost ones, or those that carry them.
enum class Tunnels : std::uint8_t { Inner, Outer };

/// How an input is to be read, as far as that does not go by what is in it.
struct InputSpec
{
    std::filesystem::path file; ///< empty where it is said for all inputs (Options::reading)
    Tunnels tunnels = Tunnels::Inner;

    friend bool operator==(const InputSpec&, const InputSpec&) = default;
};

} // namespace packetloom
