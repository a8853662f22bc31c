// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace packetloom {

Utf8Piece decodeUtf8(std::string_view text)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = at(0);
    if (first < 0x80)
        return {first, 1, true};
    const Utf8Piece invalid{first, 1, false};
    const std::uint8_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length)
        return invalid;
    std::uint32_t code = first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0u) != 0x80u)
            return invalid;
        code = code << 6 | (at(i) & 0x3Fu);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
        return invalid;
    return {code, length, true};
}

bool isUtf8(std::string_view text)
{
    // Almost every text is ASCII, which is seen eight bytes at a time.
    constexpr std::uint64_t highBits = 0x8080808080808080u;
    std::uint64_t word = 0;
    while (!text.empty()) {
        if (text.size() >= sizeof word) {
            std::memcpy(&word, text.data(), sizeof word);
            if ((word & highBits) == 0) {
                text.remove_prefix(sizeof word);
                continue;
            }
        }
        const auto piece = decodeUtf8(text);
        if (!piece.valid)
            return false;
        text.remove_prefix(piece.length);
    }
    return true;
}

} // namespace packetloom
