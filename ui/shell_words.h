// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <filesystem>
#include <string>

namespace packetloom {

/// One word of a command, for a POSIX shell: as it is where it is plain, else in single quotes.
QString shellQuoted(const std::string& text);
QString shellQuoted(const std::filesystem::path& path);

} // namespace packetloom
