// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <filesystem>

namespace packetloom {

/// Where the system wants temporary files. Error: TemporaryFolder, with the folder that the environment names
/// and that is none.
Result<std::filesystem::path> temporaryFolder();

} // namespace packetloom
