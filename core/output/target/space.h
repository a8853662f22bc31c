// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <filesystem>

namespace packetloom {

/// Bytes that are free for this user where `folder` is, or will be; the largest number when that is not
/// known.
std::uint64_t availableBytes(const std::filesystem::path& folder);

/// Whether the file system there has no entry left for another file, however many bytes are free. False where
/// that is not known.
bool hasNoRoomForFiles(const std::filesystem::path& folder);

} // namespace packetloom
