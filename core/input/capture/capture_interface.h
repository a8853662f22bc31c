// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <optional>

namespace packetloom {

/// What the packets of an interface have in common. A pcap file has one interface.
struct CaptureInterface
{
    std::uint16_t linkType = 0; ///< LINKTYPE_ value
    /// Of timestamps, as pcapng's if_tsresol says it: units of a second divided by so many times 10, or by so
    /// many times 2 where the highest bit is set.
    std::uint8_t resolution = 6;
    std::uint32_t snapLength = 0;   ///< 0: no limit
    std::int64_t offsetSeconds = 0; ///< to be added to every timestamp

    friend bool operator==(const CaptureInterface&, const CaptureInterface&) = default;
};

/// A moment in whole microseconds since the epoch, and whether some of one came on top.
struct CaptureTime
{
    std::int64_t microseconds = 0; ///< rounded down
    bool more = false;
};

/// Nothing for what 64 bits cannot hold.
std::optional<CaptureTime> captureTime(std::uint64_t units, const CaptureInterface& interface);

} // namespace packetloom
