// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/json_writer.h"

#include "core/support/utf8.h"

#include <algorithm>

namespace packetloom {
namespace {

void appendUnit(std::uint32_t unit, std::string& out)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4)
        out.push_back(digits[unit >> shift & 0xf]);
}

} // namespace

bool isPlainJson(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

void escapeJson(std::string_view text, std::string& out)
{
    while (!text.empty()) {
        const auto piece = decodeUtf8(text);
        text.remove_prefix(piece.length);
        const auto code = piece.codePoint;
        if (!piece.valid) {
            appendUnit(0xDC00 + code, out);
        } else if (code >= 0x10000) {
            appendUnit(0xD800 + ((code - 0x10000) >> 10), out);
            appendUnit(0xDC00 + ((code - 0x10000) & 0x3FF), out);
        } else if (code == '"' || code == '\\') {
            out.push_back('\\');
            out.push_back(static_cast<char>(code));
        } else if (code >= ' ' && code <= '~') {
            out.push_back(static_cast<char>(code));
        } else {
            switch (code) {
            case '\n':
                out.append("\\n");
                break;
            case '\r':
                out.append("\\r");
                break;
            case '\t':
                out.append("\\t");
                break;
            case '\b':
                out.append("\\b");
                break;
            case '\f':
                out.append("\\f");
                break;
            default:
                appendUnit(code, out);
            }
        }
    }
}

} // namespace packetloom
