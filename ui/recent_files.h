// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace packetloom {

/// What was opened last, kept in the settings from one start to the next.
struct RecentFile
{
    std::filesystem::path path; ///< a capture, a dataset's folder or a session
    /// Of a capture: the IP map that it was analyzed with, empty for none. Nothing of anything else.
    std::optional<std::filesystem::path> ipMap;
};

/// The latest first, each once.
std::vector<RecentFile> recentFiles();
/// The last of `files` becomes the latest. Only so many are kept.
void rememberFiles(const std::vector<RecentFile>& files);
void forgetRecentFiles();

} // namespace packetloom
