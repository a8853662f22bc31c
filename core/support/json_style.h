// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace packetloom {

/// The white space of a dataset's JSON; readers do not care.
enum class JsonStyle : std::uint8_t {
    Indented, ///< as Python's json.dump(indent=2), which the reference's files are made with
    Compact,  ///< none at all
};

/// What stands before something that begins a line, `level` levels deep.
constexpr std::string_view lineBreak(JsonStyle style, std::size_t level)
{
    constexpr std::string_view deepest = "\n                "; // eight levels
    return style == JsonStyle::Compact ? std::string_view() : deepest.substr(0, 1 + 2 * level);
}

constexpr std::string_view afterKey(JsonStyle style)
{
    return style == JsonStyle::Compact ? ":" : ": ";
}

} // namespace packetloom
