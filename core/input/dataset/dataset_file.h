// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/file.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace packetloom {

/// Opens a file that a dataset must have. Only a regular file (through links or not): anything else could
/// block for ever. Errors: DatasetMismatch when it is missing or something else, Open.
Result<File> openDatasetFile(const std::filesystem::path& file);
/// The check of openDatasetFile() alone.
Result<void> checkDatasetFile(const std::filesystem::path& file);

inline Error datasetSyntax(const std::filesystem::path& file, std::string detail, std::uint64_t byte = 0)
{
    return Error{.code = Errc::DatasetSyntax, .detail = std::move(detail), .file = file, .byte = byte};
}
inline Error datasetMismatch(const std::filesystem::path& file, std::string detail, std::uint64_t line = 0)
{
    return Error{.code = Errc::DatasetMismatch, .detail = std::move(detail), .file = file, .line = line};
}

} // namespace packetloom
