// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace packetloom {

// Texts without regard to the case of ASCII letters; all other bytes are as they are.

constexpr char lowerLetter(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lowerText(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), lowerLetter);
    return lower;
}

inline bool sameText(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lowerLetter(x) == lowerLetter(y); });
}

/// Whether `text` holds `word`, which must be in lower case.
inline bool holdsWord(std::string_view text, std::string_view word)
{
    return std::search(text.begin(), text.end(), word.begin(), word.end(),
                       [](char have, char want) { return lowerLetter(have) == want; }) != text.end() ||
           word.empty();
}

/// Whether `text` begins with `front`, which must be in lower case.
inline bool beginsWith(std::string_view text, std::string_view front)
{
    return text.size() >= front.size() && sameText(text.substr(0, front.size()), front);
}

} // namespace packetloom
