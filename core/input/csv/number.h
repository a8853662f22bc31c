// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <string_view>

namespace packetloom {

/// A numeric field. Integers are exact; only text with a fraction or an exponent passes through a double.
struct Number
{
    enum class Kind : std::uint8_t {
        Integer,    ///< `whole`
        Fraction,   ///< `whole` is truncated toward zero
        Missing,    ///< empty, or one of the words that pandas reads as "not available"
        Unreadable, ///< anything else, and (as pandas has it) what no double can hold, like 1e400
        NotFinite,  ///< an infinity, or "nan" in a spelling that is not a missing value
        OutOfRange, ///< a number that a double can hold and 64 bits cannot
    };
    std::int64_t whole = 0;
    Kind kind = Kind::Unreadable;
    std::int8_t remainder = 0; ///< the sign of what truncation took away: -1, 0 or 1

    [[nodiscard]] bool usable() const { return kind == Kind::Integer || kind == Kind::Fraction; }
};

/// Blanks around the number are ignored. Never throws, does not depend on the locale.
Number parseNumber(std::string_view text);

/// The values that pandas.read_csv takes for a missing one by default (and the reference with it); "None"
/// since pandas 2.
bool isMissing(std::string_view text);

} // namespace packetloom
