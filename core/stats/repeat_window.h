// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace packetloom {

/// Finds packets that were there a little before, by fingerprints of 64 bits that are as good as random.
/// Memory: 28 KiB once something was added, however much follows.
class RepeatWindow
{
public:
    /// So many packets are looked back at.
    static constexpr std::uint32_t packets = 1024;

    /// Of what follows, how many were there before. 0 is no packet.
    std::uint64_t add(std::span<const std::uint64_t> fingerprints);
    /// What follows is of another capture.
    void clear() { table_ = nullptr; }

private:
    /// The newest packet of each chain, and of each packet of the window the one before it in its chain.
    /// Packets are numbered; what is not in the window is the end of a chain, so nothing is ever taken out.
    struct Table
    {
        static constexpr std::size_t chains = std::size_t{4} * packets;

        std::array<std::uint32_t, chains> newest{};
        std::array<std::uint32_t, packets> before{};
        std::array<std::uint64_t, packets> fingerprints{};
        std::uint32_t last = packets; ///< the packet that was added last: 0 is in no window
    };

    std::unique_ptr<Table> table_;
};

} // namespace packetloom
