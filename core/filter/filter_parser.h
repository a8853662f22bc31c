// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_expression.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace packetloom {

/// What is wrong about the text of a filter.
enum class FilterFault : std::uint8_t {
    Term,        ///< an expression was expected
    Value,       ///< a value of the field was expected
    Operator,    ///< the field cannot be compared so
    Character,   ///< one that means nothing
    Quote,       ///< never closed
    Parenthesis, ///< never closed
    Brace,       ///< never closed, or with nothing in it
    Rest,        ///< something behind the end: a parenthesis that was never opened
    Word,        ///< what is to be compared is no field
    BareNumber,  ///< a number by itself: an id, a port?
    Depth,       ///< nested too deeply
    Length,      ///< too long
    PacketField, ///< a flow has no such field
    Pattern,     ///< no regular expression: see FilterProblem::detail
    NoPatterns,  ///< this build knows no regular expressions
    MixedPart,   ///< asks at once for what only packets and what only flows have (CaptureFilter)
};

/// Where it is, in bytes of the text.
struct FilterProblem
{
    FilterFault fault{};
    std::size_t position = 0, length = 0;
    std::string text;                                ///< what stands there
    std::optional<FilterField> field = std::nullopt; ///< which is to be compared
    std::string detail{};                            ///< what RE2 says about a pattern, in English
};

inline constexpr std::size_t longestFilter = std::size_t{1} << 16;
inline constexpr int deepestFilter = 100;

/// Understands the text of a filter of packets or flows (docs/filters.md): of packets all fields can be
/// asked, those of flows are then asked of the packet's flow; of flows not those that only packets have.
/// Nothing for a text of blanks, which asks for nothing.
std::variant<std::optional<FilterExpression>, FilterProblem>
parseFilter(std::string_view text, FilterSubject subject = FilterSubject::Flows);

} // namespace packetloom
