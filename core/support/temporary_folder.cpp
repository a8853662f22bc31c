// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/temporary_folder.h"

#include <cstdlib>
#include <system_error>

namespace packetloom {

Result<std::filesystem::path> temporaryFolder()
{
    std::error_code reason;
    auto folder = std::filesystem::temp_directory_path(reason);
    if (!reason)
        return folder;
    Error error{.code = Errc::TemporaryFolder, .detail = reason.message(), .file = {}};
    for (const char* const variable : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"}) { // in the system's order
        const char* const value = std::getenv(variable);
        if (error.file.empty() && value)
            error.file = value; // the environment's value is the only one to know it
    }
    return error;
}

} // namespace packetloom
