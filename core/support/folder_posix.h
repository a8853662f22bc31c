// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <filesystem>
#include <system_error>

namespace packetloom {

/// What renameToNew() does on file systems that cannot rename over nothing, such as NFS; for tests.
std::error_code renameToNewByLinks(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace packetloom
