// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <string_view>

namespace packetloom {

/// One decoded piece of UTF-8 text. `valid` is false for a byte that starts no well-formed sequence (RFC
/// 3629: no overlong forms, no surrogates, nothing above U+10FFFF); then `length` is 1 and `codePoint` that
/// byte.
struct Utf8Piece
{
    std::uint32_t codePoint;
    std::uint8_t length;
    bool valid;
};

/// `text` must not be empty.
Utf8Piece decodeUtf8(std::string_view text);
bool isUtf8(std::string_view text);

} // namespace packetloom
