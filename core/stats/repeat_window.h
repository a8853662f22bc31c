// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace packetloom {

/// Finds packets that were there a little before, by fingerprints of 64 bits that are as good as random.
/// Memory: 64 KiB once something was added, however much follows.
class RepeatWindow
{
public:
    /// So many packets are looked back at.
    static constexpr std::uint32_t packets = 1024;

    /// Of what follows, how many were there before. 0 is no packet.
    std::uint64_t add(std::span<const std::uint64_t> fingerprints);
    /// What follows is of another capture.
    void clear();

private:
    /// What was last known of a fingerprint: its upper half, which is compared, and the number of the packet.
    struct Entry
    {
        std::uint32_t upper = 0, number = 0; ///< number 0: free
    };
    using Table = std::vector<Entry>; ///< open addressing by the lower half

    static Entry& place(Table& table, std::uint64_t fingerprint);
    void turn();

    // Each holds as many packets as the window has: those of the window are in one of them.
    Table current_, before_;
    std::uint32_t last_ = 0; ///< the packet that was added last, from 1
    std::uint32_t inCurrent_ = 0;
};

} // namespace packetloom
