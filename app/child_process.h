// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace packetloom {

/// Where this program is. Empty where the system does not say.
std::filesystem::path ownProgram();

/// Runs a program with these words (in UTF-8) to its end, and gives its exit status, 128 and the number of
/// the signal that ended it. Blocks; any number of threads may do so. Error: Open.
Result<int> runChild(const std::filesystem::path& program, const std::vector<std::string>& words);

} // namespace packetloom
