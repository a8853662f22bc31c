// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <limits>

namespace packetloom {

/// Sums and differences of times of a table, which may be anything: those that do not fit are the nearest
/// that do.
constexpr std::int64_t laterBy(std::int64_t time, std::int64_t by)
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    return time > most - by ? most : time + by;
}
/// `from` is not later.
constexpr std::int64_t timeBetween(std::int64_t from, std::int64_t to)
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    return from < 0 && to > most + from ? most : to - from;
}

/// When the exact engine takes a flow for ended; microseconds of the capture's time. The defaults are Zeek's.
struct ExactRules
{
    static constexpr std::int64_t second = 1'000'000;
    std::int64_t attempt = 5 * second;      ///< after a SYN that nobody answers
    std::int64_t linger = 5 * second;       ///< after both sides closed, or one reset: stragglers are its own
    std::int64_t partialClose = 3 * second; ///< after a close by a side of which nothing else was seen
    std::int64_t tcpInactivity = 300 * second;
    std::int64_t udpInactivity = 60 * second; ///< also of a TCP connection that is not established
    std::int64_t icmpInactivity = 60 * second;
    std::int64_t otherInactivity = 60 * second; ///< of other protocols
    /// Packets whose checksum is known to be wrong are counted and not believed.
    bool checksumsCount = false;

    friend bool operator==(const ExactRules&, const ExactRules&) = default;
};

} // namespace packetloom
