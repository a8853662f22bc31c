// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/dataset_file.h"

#include <system_error>

namespace packetloom {

Result<void> checkDatasetFile(const std::filesystem::path& file)
{
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found)
        return datasetMismatch(file, "it is missing");
    if (error)
        return Error{.code = Errc::Open, .detail = error.message(), .file = file};
    if (!std::filesystem::is_regular_file(status))
        return datasetMismatch(file, "it is no file");
    return {};
}

Result<File> openDatasetFile(const std::filesystem::path& file)
{
    if (auto checked = checkDatasetFile(file); !checked)
        return std::move(checked).error();
    auto opened = File::openRegular(file); // it may be another one by now
    if (!opened && opened.error().code == Errc::NotRegular)
        return datasetMismatch(file, "it is no file");
    return opened;
}

} // namespace packetloom
