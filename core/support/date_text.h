// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

enum class ZoneSaid : std::uint8_t {
    Yes,
    No,      ///< taken as UTC
    Unknown, ///< a name that means nothing here; taken as UTC
};

struct DateTime
{
    std::int64_t microseconds = 0; ///< since the epoch, rounded down
    bool more = false;             ///< there is a part of a microsecond besides
    ZoneSaid zone{};
};

/// A date, with a time of day or without: ISO 8601 ("2009-11-03T13:23:35.123456Z", with a blank for the T,
/// slashes for the dashes, and +01:00, UTC, CET, ... or nothing behind it) or as Wireshark writes it ("Nov 3,
/// 2009 13:23:35.123456789 CET"). Names of zones are those of RFC 5322, 4.3, and of Europe's.
std::optional<DateTime> parseDate(std::string_view text);

} // namespace packetloom
