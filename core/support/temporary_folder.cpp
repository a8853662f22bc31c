// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/temporary_folder.h"

namespace packetloom {

Result<std::filesystem::path> temporaryFolder()
{
    // The variant that throws knows the path; the other one only knows the reason.
    try {
        return std::filesystem::temp_directory_path();
    } catch (const std::filesystem::filesystem_error& error) {
        return Error{.code = Errc::TemporaryFolder, .detail = error.code().message(), .file = error.path1()};
    }
}

} // namespace packetloom
