// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <string_view>

namespace packetloom {

/// What the frames of a capture begin with, by its number in capture files (the LINKTYPE_ values of
/// https://www.tcpdump.org/linktypes.html): those that are read, and some that are often met. Empty for
/// others. A stable machine-readable name ("linux_sll"), for JSON: that list's, in small letters.
std::string_view linkTypeKey(std::uint16_t type);
/// A name for people ("Linux cooked"), the same in all languages.
std::string_view linkTypeName(std::uint16_t type);

} // namespace packetloom
