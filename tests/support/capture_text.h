// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <string>

namespace packetloom::test {

inline constexpr std::int64_t captureStart = 1257254615000000; ///< microseconds since the epoch
inline constexpr int packetsPerConversation = 6;

/// The header with all columns of the reference, in its order.
std::string captureHeader();
/// One row; ports 40000 + n to 80.
std::string captureRow(std::int64_t timestamp, const std::string& source, const std::string& destination,
                       int flags, std::int64_t sequence = 0, std::int64_t acknowledgment = 0,
                       int length = 60);
/// A capture with its header: `count` whole connections of packetsPerConversation rows each (handshake, data,
/// FIN both ways), one after the other, 10.0.x.y to 10.9.0.1, 100 us between packets. All close gracefully.
std::string conversations(int count, std::int64_t start = captureStart);

} // namespace packetloom::test
