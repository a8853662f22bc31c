// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace packetloom {

/// Bytes in the zlib format (RFC 1950) at its quickest, their number before them, into `to`, whose memory is
/// used again.
void deflateInto(std::string_view bytes, std::string& to);

/// The inverse. `slack` more readable bytes lie behind what comes out, which is in `to`. False when it is
/// none.
bool inflateInto(std::string_view packed, std::string& to, std::size_t slack = 0);

} // namespace packetloom
