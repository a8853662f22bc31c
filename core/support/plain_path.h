// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <filesystem>

namespace packetloom {

/// A path without "." and doubled separators. One with ".." stays as it is: behind a link that leads
/// elsewhere than the text says.
inline std::filesystem::path plainPath(const std::filesystem::path& path)
{
    const bool plain = std::find(path.begin(), path.end(), std::filesystem::path("..")) == path.end();
    return plain ? path.lexically_normal() : path;
}

} // namespace packetloom
