// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace packetloom {

/// Paths as UTF-8 text and back, on every platform (std::filesystem::path::string() is the code page's on
/// Windows).
inline std::string pathText(const std::filesystem::path& path)
{
    const auto text = path.u8string();
    return {text.begin(), text.end()};
}
inline std::filesystem::path pathFromText(std::string_view text)
{
    return {std::u8string(text.begin(), text.end())};
}

} // namespace packetloom
