// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/ip_text.h"
#include "core/shard/packed_bytes.h"

#include <array>
#include <string_view>

namespace packetloom {

/// The text of an address: five bytes for the canonical text of an IPv4 address, 17 for one of IPv6, else the
/// text with its length.
void putAddress(BytesOut& out, std::string_view text);

/// Room for a text that is made of bytes.
using AddressRoom = std::array<char, longestIpText>;
/// The inverse. Valid as long as what `in` reads, and `room`.
std::string_view takeAddress(BytesIn& in, AddressRoom& room);

} // namespace packetloom
