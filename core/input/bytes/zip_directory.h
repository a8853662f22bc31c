// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <filesystem>

namespace packetloom {

/// Why such a ZIP is not read.
inline constexpr const char* moreThanOneFile = "there is more than one file in it";

/// Whether the directory at the end of a ZIP (PKWARE's APPNOTE, 4.3.12 to 4.3.16) names more than one file,
/// folders apart: that can be known before any of it is unpacked. False, too, where there is no directory, it
/// is not where it should be, or the input is no regular file: then unpacking tells. Hostile archives make it
/// read a mebibyte, and no more.
bool namesMoreThanOneFile(const std::filesystem::path& zip);

} // namespace packetloom
