// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace packetloom {

/// How many first bytes sniff() wants to see.
inline constexpr std::size_t sniffedBytes = 64;

enum class Content : std::uint8_t { Text, Gzip, Empty, Utf16, Binary };

/// What a file is by its first bytes. Only certain signs count: a capture with odd bytes further on is still
/// read.
Content sniff(std::string_view head);
/// A short name of a known binary format ("pcap", "pcapng", "zip", ...), or an empty string.
std::string binaryKind(std::string_view head);

} // namespace packetloom
