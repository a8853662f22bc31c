// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <filesystem>
#include <functional>

namespace packetloom {

/// Waits until all files below a folder, and the folders, are on the disk, so that a power cut after a rename
/// cannot leave a name without its content. `goOn` is asked between two files; false ends with Cancelled.
/// Errors: Write, NoSpace. A file system that cannot do it is taken at its word.
Result<void> syncTree(const std::filesystem::path& folder, const std::function<bool()>& goOn = nullptr);
/// The same for one file, and for the names in one folder.
Result<void> syncFile(const std::filesystem::path& file);
Result<void> syncFolder(const std::filesystem::path& folder);

/// Gives two files or folders each other's name in one step. False when the system cannot.
bool exchangeNames(const std::filesystem::path& a, const std::filesystem::path& b);

} // namespace packetloom
